import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { schema, string } from 'dynamodb-toolbox/schema';
import { Table } from 'dynamodb-toolbox/table';
import { execute } from 'dynamodb-toolbox/entity/actions/transactWrite';
import {
  BatchGetCommand,
  BatchGetRequest,
  DeleteItemCommand,
  executeBatchGet,
  PutItemCommand,
  PutTransaction,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from 'dynamodb-toolbox';

const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const Orders = new Table({
  documentClient,
  name: () => process.env.ORDERS as string,
  partitionKey: { name: 'pk', type: 'string' },
  indexes: { byDay: { type: 'global', partitionKey: { name: 'day', type: 'string' } } },
});
const Order = new Entity({ name: 'Order', table: Orders, schema: schema({ id: string().key() }) });

export const handler = async (event: { id: string }) => {
  await Order.build(GetItemCommand).key({ id: event.id }).options({ consistent: true }).send(); //? dynamodb.GetItem TableName=env:ORDERS
  await Order.build(PutItemCommand).item({ id: event.id }).send(); //? dynamodb.PutItem TableName=env:ORDERS
  await new UpdateItemCommand(Order, { id: event.id }).send(); //? dynamodb.UpdateItem TableName=env:ORDERS
  await Order.build(DeleteItemCommand).key({ id: event.id }).options({ tableName: 'archive' }).send(); //? dynamodb.DeleteItem TableName=archive
  await Orders.build(QueryCommand).query({ partition: 'a', index: 'byDay' }).entities(Order).send(); //? dynamodb.Query TableName=env:ORDERS IndexName=byDay
  await Orders.build(ScanCommand).entities(Order).send(); //? dynamodb.Scan TableName=env:ORDERS
  await executeBatchGet(Orders.build(BatchGetCommand).requests(Order.build(BatchGetRequest).key({ id: 'a' }))); //? dynamodb.BatchGetItem
  await execute(Order.build(PutTransaction).item({ id: 'b' })); //? dynamodb.TransactWriteItems
  return Order.build(GetItemCommand).key({ id: 'c' }).params();
};
