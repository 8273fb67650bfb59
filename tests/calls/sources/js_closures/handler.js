const AWS = require('aws-sdk');

function saver(table) {
  const client = new AWS.DynamoDB.DocumentClient();
  return function save(item) {
    return client.put({ TableName: table, Item: item }).promise(); //? dynamodb.PutItem TableName=env:A & dynamodb.PutItem TableName=b
  };
}

const once = (make) => {
  let made;
  return () => {
    if (!made) made = make();
    return made;
  };
};

const getS3 = once(() => new AWS.S3());
const saveA = saver(process.env.A);

const api = (() => {
  const sns = new AWS.SNS();
  const publish = (topic) => sns.publish({ TopicArn: topic, Message: 'm' }).promise(); //? sns.Publish TopicArn=env:TOPIC
  return { publish, unsubscribe: (arn) => sns.unsubscribe({ SubscriptionArn: arn }).promise() };
})();

let cached = null;
async function queue() {
  cached ||= new AWS.SQS();
  return cached;
}

exports.handler = async (event) => {
  await saveA(event);
  await saver('b')(event);
  await getS3().listObjectsV2({ Bucket: 'logs' }).promise(); //? s3.ListObjectsV2 Bucket=logs
  await api.publish(process.env.TOPIC);
  const sqs = await queue();
  await sqs.purgeQueue({ QueueUrl: 'q' }).promise(); //? sqs.PurgeQueue QueueUrl=q
};
