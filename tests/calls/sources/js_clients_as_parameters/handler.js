const { DynamoDBClient, PutItemCommand, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const AWS = require('aws-sdk');
const storage = require('./storage');

async function save(client, table, item) {
  await client.send(new PutItemCommand({ TableName: table, Item: item })); //? dynamodb.PutItem TableName=env:ORDERS
}

const load = ({ client, table, key = 'none' }) => client.send(new GetItemCommand({ TableName: table, Key: key })); //? dynamodb.GetItem TableName=users

const notify = async (send, topic) => send(new PublishCommand({ TopicArn: topic, Message: 'm' }));

function withBoth([queue, store]) {
  queue.sendMessage({ QueueUrl: process.env.QUEUE, MessageBody: 'x' }, () => {}); //? sqs.SendMessage QueueUrl=env:QUEUE
  return store.headObject({ Bucket: 'uploads', Key: 'a' }).promise(); //? s3.HeadObject Bucket=uploads Key=a
}

module.exports.handler = async function (event) {
  const dynamodb = new DynamoDBClient({});
  await save(dynamodb, process.env.ORDERS, event);
  await load({ table: 'users', client: dynamodb });
  const sns = new SNSClient();
  await notify((command) => sns.send(command), process.env.TOPIC); //? sns.Publish TopicArn=env:TOPIC
  await withBoth([new AWS.SQS(), new AWS.S3({ apiVersion: '2006-03-01' })]);
  await storage.archive(new AWS.S3(), { bucket: process.env.ARCHIVE || 'archive', item: event });
};
