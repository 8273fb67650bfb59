import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import middy from '@middy/core';

const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'second' });
export const handler = middy(async () => 1) //? dynamodb.GetItem TableName=second & dynamodb.PutItem TableName=second & dynamodb.UpdateItem TableName=second & dynamodb.DeleteItem TableName=second
  .use(makeHandlerIdempotent({ persistenceStore }));
