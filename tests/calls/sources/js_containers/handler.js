import { S3Client, HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { SQSClient, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { DynamoDBClient, ScanCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SSMClient, GetParameterCommand, DeleteParameterCommand } from '@aws-sdk/client-ssm';

const clients = new Map([
  ['s3', new S3Client({})],
  ['sqs', new SQSClient({})],
]);
const tables = { orders: process.env.ORDERS, users: 'users' };
const buckets = ['one', 'two'];
const cache = new Map();
const dynamodb = new DynamoDBClient({});

const ssm = () => {
  if (!cache.has('ssm')) cache.set('ssm', new SSMClient({}));
  return cache.get('ssm');
};

const actions = {
  create: (event) => dynamodb.send(new PutItemCommand({ TableName: tables.orders, Item: event })), //? dynamodb.PutItem TableName=env:ORDERS
  async remove(event) {
    await dynamodb.send(new DeleteItemCommand({ TableName: tables['users'], Key: event })); //? dynamodb.DeleteItem TableName=users
  },
};

export const handler = async (event) => {
  await clients.get('sqs').send(new PurgeQueueCommand({ QueueUrl: 'q' })); //? sqs.PurgeQueue QueueUrl=q
  for (const Bucket of buckets) {
    await clients.get('s3').send(new HeadBucketCommand({ Bucket })); //? s3.HeadBucket Bucket=one & s3.HeadBucket Bucket=two
  }
  for (const [name, TableName] of Object.entries(tables)) {
    console.log(name);
    await dynamodb.send(new ScanCommand({ TableName })); //? dynamodb.Scan TableName=env:ORDERS & dynamodb.Scan TableName=users
  }
  await actions[event.action](event);
  await actions[event.action]?.(event);
  const [first, ...others] = [process.env.P1, 'p2'];
  await ssm().send(new GetParameterCommand({ Name: first })); //? ssm.GetParameter Name=env:P1
  await Promise.all(others.map((Name) => ssm().send(new DeleteParameterCommand({ Name })))); //? ssm.DeleteParameter Name=p2
  const { s3: store = new S3Client({}) } = event.clients ?? {};
  await new S3Client().send(new ListObjectsV2Command({ Bucket: { a: 'x', b: 'y' }[event.kind] })); //? s3.ListObjectsV2 Bucket=x|y
};
