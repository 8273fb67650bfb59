import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity, Model, Table } from 'dynamodb-onetable';
import Dynamo from 'dynamodb-onetable/Dynamo';

const schema = {
  version: '0.1.0',
  indexes: { primary: { hash: 'pk', sort: 'sk' }, gs1: { hash: 'gs1pk', name: 'by-email' } },
  models: { User: { pk: { type: String }, email: { type: String } } },
};
const table = new Table({ client: new Dynamo({ client: new DynamoDBClient({}) }), name: process.env.TABLE, schema, partial: true });
const User = table.getModel('User');

export const handler = async (event) => {
  const user = await User.create({ email: event.email }); //? dynamodb.PutItem TableName=env:TABLE
  await User.get({ id: user.id }); //? dynamodb.GetItem TableName=env:TABLE
  await User.find({ email: event.email }, { index: 'gs1' }); //? dynamodb.Query TableName=env:TABLE IndexName=by-email
  await User.scan(); //? dynamodb.Scan TableName=env:TABLE
  await User.update({ id: 'a', email: 'b' }); //? dynamodb.UpdateItem TableName=env:TABLE
  await User.remove({ id: 'a' }, { many: true }); //? dynamodb.DeleteItem TableName=env:TABLE & dynamodb.Query TableName=env:TABLE
  const transaction = {};
  await User.create({ email: event.email }, { transaction }); //? dynamodb.TransactWriteItems
  await table.transact('write', transaction);
  const batch = {};
  await User.get({ id: 'b' }, { batch }); //? dynamodb.BatchGetItem
  await table.batchGet(batch);
  await table.create('User', { email: 'c' }); //? dynamodb.PutItem TableName=env:TABLE
};
