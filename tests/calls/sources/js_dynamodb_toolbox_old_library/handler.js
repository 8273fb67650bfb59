const AWS = require('aws-sdk');
const { Entity, Table } = require('dynamodb-toolbox');

const table = new Table({
  name: process.env.TABLE,
  partitionKey: 'pk',
  DocumentClient: new AWS.DynamoDB.DocumentClient(),
});
const User = new Entity({ name: 'User', attributes: { id: { partitionKey: true } }, table });

exports.handler = async (event) => {
  await User.get({ id: event.id }); //? dynamodb.GetItem TableName=env:TABLE
  await User.put({ id: event.id }); //? dynamodb.PutItem TableName=env:TABLE
  await User.query('pk', { index: 'gsi1', limit: 2 }); //? dynamodb.Query TableName=env:TABLE IndexName=gsi1
  await table.scan(); //? dynamodb.Scan TableName=env:TABLE
  await table.batchGet([User.getBatch({ id: 'a' })]); //? dynamodb.BatchGetItem
  await table.transactWrite([User.putTransaction({ id: 'a' })]); //? dynamodb.TransactWriteItems
  return User.put({ id: 'b' }, { execute: false });
};
