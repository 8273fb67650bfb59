import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { Consumer } from 'sqs-consumer';
import { Producer } from 'sqs-producer';

const dynamo = new DynamoDBClient({});
const orders = Consumer.create({
  queueUrl: process.env.ORDERS_URL,
  handleMessage: async (message) => {
    await dynamo.send(new PutItemCommand({ TableName: process.env.ORDERS, Item: message.Body })); //? dynamodb.PutItem TableName=env:ORDERS
  },
  sqs: new SQSClient({ region: 'eu-west-1' }),
});
orders.on('error', (error) => console.error(error));

const batches = new Consumer({
  queueUrl: process.env.BATCH_URL,
  handleMessageBatch: async (messages) => messages,
  shouldDeleteMessages: false,
  heartbeatInterval: 5,
});

const producer = Producer.create({ queueUrl: process.env.OUT_URL, region: 'eu-west-1' });

export const handler = async (event) => {
  orders.start(); //? sqs.ReceiveMessage QueueUrl=env:ORDERS_URL & sqs.DeleteMessage QueueUrl=env:ORDERS_URL
  batches.start(); //? sqs.ReceiveMessage QueueUrl=env:BATCH_URL & sqs.ChangeMessageVisibilityBatch QueueUrl=env:BATCH_URL
  batches.stop();
  await producer.send(event.ids); //? sqs.SendMessageBatch QueueUrl=env:OUT_URL
  return producer.queueSize(); //? sqs.GetQueueAttributes QueueUrl=env:OUT_URL
};
