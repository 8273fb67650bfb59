import { makeIdempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import middy from '@middy/core';

const sns = new SNSClient({});
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.IDEMPOTENCY as string });
const pay = makeIdempotent(
  async (order: string) => {
    await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: order })); //? sns.Publish TopicArn=env:TOPIC
  },
  { persistenceStore, config: new IdempotencyConfig({}) },
);
const processor = new BatchProcessor(EventType.SQS);
const record = async (message: { body: string }) => {
  await pay(message.body); //? dynamodb.GetItem TableName=env:IDEMPOTENCY & dynamodb.PutItem TableName=env:IDEMPOTENCY & dynamodb.UpdateItem TableName=env:IDEMPOTENCY & dynamodb.DeleteItem TableName=env:IDEMPOTENCY
};

export const handler = async (event: never, context: never) =>
  processPartialResponse(event, record, processor, { context });

const second = new DynamoDBPersistenceLayer({ tableName: 'second' });
export const other = middy(async () => 1).use(makeHandlerIdempotent({ persistenceStore: second }));
