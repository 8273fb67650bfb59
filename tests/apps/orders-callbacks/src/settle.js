'use strict';

const documents = require('./lib/documents');
const { ORDERS } = require('./lib/tables');

module.exports.handler = async () => {
  const waiting = [];
  await documents.each({
    TableName: ORDERS,
    IndexName: 'by-state',
    KeyConditionExpression: '#state = :billed',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':billed': 'billed' },
  }, (order) => waiting.push(order.id));

  for (const id of waiting) {
    await documents.change(ORDERS, { id }, 'state', 'settled');
  }
  return waiting;
};
