const AWS = require('aws-sdk');
const { S3Client, GetObjectCommand, ListBucketsCommand } = require('@aws-sdk/client-s3');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { fromTemporaryCredentials } = require('@aws-sdk/credential-providers');

const settings = {};
if (process.env.STAGE === 'dev') {
  settings.endpoint = 'http://localhost:8000';
  settings.accessKeyId = 'X';
  settings.secretAccessKey = 'Y';
}
const documents = new AWS.DynamoDB.DocumentClient(new AWS.Config(settings));

const s3 = new S3Client({
  ...(process.env.PARTNER && {
    credentials: fromTemporaryCredentials({ params: { RoleArn: process.env.PARTNER } }), //? sts.AssumeRole RoleArn=env:PARTNER
  }),
});

const sqs = new SQSClient(process.env.IS_OFFLINE ? { endpoint: 'http://localhost:9324', credentials: { accessKeyId: 'root', secretAccessKey: 'root' } } : {});

const theirs = new S3Client({ credentials: { accessKeyId: process.env.THEIR_KEY, secretAccessKey: process.env.THEIR_SECRET } });

exports.handler = async () => {
  await documents.get({ TableName: process.env.TABLE, Key: { id: '1' } }).promise(); //? dynamodb.GetItem TableName=env:TABLE
  await s3.send(new GetObjectCommand({ Bucket: 'shared', Key: 'k' })); //? s3.GetObject Bucket=shared
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: 'm' })); //? sqs.SendMessage QueueUrl=env:QUEUE
  return theirs.send(new ListBucketsCommand({})); //? s3.ListBuckets
};
