import { DeleteCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import client from './client.js';

const { ORDERS_TABLE, PRODUCTS_TABLE } = process.env;

export const ofCustomer = async (customer) => {
  const found = await client.send(new QueryCommand({
    TableName: ORDERS_TABLE,
    KeyConditionExpression: 'customer = :customer',
    ExpressionAttributeValues: { ':customer': customer },
  }));
  return found.Items ?? [];
};

export const place = async (order) => {
  await client.send(new TransactWriteCommand({
    TransactItems: [
      { Put: { TableName: ORDERS_TABLE, Item: order, ConditionExpression: 'attribute_not_exists(customer)' } },
      {
        ConditionCheck: {
          TableName: PRODUCTS_TABLE,
          Key: { sku: order.sku },
          ConditionExpression: 'attribute_exists(sku)',
        },
      },
    ],
  }));
  return order;
};

// Kept for the back office, which is another service.
export const forget = (customer, number) => client.send(new DeleteCommand({
  TableName: ORDERS_TABLE,
  Key: { customer, number },
}));
