import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity } from 'electrodb';

export const tasks = new Entity(
  { model: { entity: 'task' }, attributes: {}, indexes: {} },
  { client: new DynamoDBClient({}), table: 'tasks' },
);
