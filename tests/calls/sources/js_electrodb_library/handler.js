import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity, Service } from 'electrodb';
import { tasks } from './tasks.js';

const client = new DynamoDBClient({});
const table = process.env.TABLE_NAME;
const users = new Entity(
  {
    model: { entity: 'user', version: '1', service: 'app' },
    attributes: { id: { type: 'string' }, team: { type: 'string' } },
    indexes: {
      primary: { pk: { field: 'pk', composite: ['id'] } },
      byTeam: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['team'] } },
    },
  },
  { client, table },
);
const app = new Service({ users, tasks }, { client, table });

export const handler = async (event) => {
  await users.get({ id: event.id }).go(); //? dynamodb.GetItem TableName=env:TABLE_NAME
  await users.get([{ id: 'a' }, { id: 'b' }]).go({ consistent: true }); //? dynamodb.BatchGetItem
  await users.put({ id: event.id }).go(); //? dynamodb.PutItem TableName=env:TABLE_NAME
  await users.create({ id: event.id }).where((attr, op) => op.notExists(attr.id)).go(); //? dynamodb.PutItem TableName=env:TABLE_NAME
  await users.patch({ id: event.id }).set({ team: 'x' }).go({ response: 'all_new' }); //? dynamodb.UpdateItem TableName=env:TABLE_NAME
  await users.remove({ id: event.id }).go(); //? dynamodb.DeleteItem TableName=env:TABLE_NAME
  await users.query.byTeam({ team: 'x' }).begins({ id: 'a' }).go({ pages: 'all' }); //? dynamodb.Query TableName=env:TABLE_NAME IndexName=gsi1
  await users.query.primary({ id: 'x' }).go(); //? dynamodb.Query TableName=env:TABLE_NAME IndexName=None
  await users.scan.go(); //? dynamodb.Scan TableName=env:TABLE_NAME
  await tasks.delete([{ id: 'a' }]).go(); //? dynamodb.BatchWriteItem
  await app.entities.tasks.upsert({ id: 'a' }).go(); //? dynamodb.UpdateItem TableName=tasks
  await app.collections.assignments({ team: 'x' }).go(); //? dynamodb.Query TableName=env:TABLE_NAME IndexName=gsi1
  await app.transaction //? dynamodb.TransactWriteItems
    .write(({ users, tasks }) => [users.put({ id: 'a' }).commit(), tasks.delete({ id: 'b' }).commit()])
    .go();
  return users.put({ id: 'b' }).params();
};
