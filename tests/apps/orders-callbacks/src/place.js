'use strict';

const { randomUUID } = require('crypto');
const SQS = require('aws-sdk/clients/sqs');
const documents = require('./lib/documents');
const tables = require('./lib/tables');
const bus = require('./lib/bus');

const sqs = new SQS({ apiVersion: '2012-11-05' });

function answer(callback, statusCode, body) {
  callback(null, { statusCode, body: JSON.stringify(body) });
}

module.exports.handler = (event, context, callback) => {
  const wish = JSON.parse(event.body);
  documents.get(tables.CUSTOMERS, { email: wish.email }, (error, customer) => {
    if (error) return callback(error);
    if (!customer) return answer(callback, 404, { error: 'who are you?' });

    const order = { id: randomUUID(), email: customer.email, lines: wish.lines, state: 'new' };
    documents.put(tables.ORDERS, order, (failed) => {
      if (failed) return callback(failed);

      bus.publish({ TopicArn: 'order-placed', Message: order });
      const params = { QueueUrl: process.env.BILLING_QUEUE_URL, MessageBody: JSON.stringify({ id: order.id }) };
      sqs.sendMessage(params, (unsent) => {
        if (unsent) return callback(unsent);
        answer(callback, 201, order);
      });
    });
  });
};
