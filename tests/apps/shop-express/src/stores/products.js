import { GetCommand, UpdateCommand, paginateScan } from '@aws-sdk/lib-dynamodb';

import client from './client.js';

const TableName = process.env.PRODUCTS_TABLE;

export const find = async (sku) => {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { sku } }));
  return Item;
};

export async function* all() {
  for await (const page of paginateScan({ client, pageSize: 25 }, { TableName })) {
    yield* page.Items;
  }
}

export const take = (sku, count) => client.send(new UpdateCommand({
  TableName,
  Key: { sku },
  UpdateExpression: 'ADD stock :count',
  ConditionExpression: 'stock >= :needed',
  ExpressionAttributeValues: { ':count': -count, ':needed': count },
}));
