'use strict';

const AWS = require('aws-sdk');
const documents = require('./lib/documents');
const tables = require('./lib/tables');

const sns = new AWS.SNS();

async function billOne(id) {
  await documents.change(tables.ORDERS, { id }, 'state', 'billed');
  await sns.publish({ TopicArn: process.env.RECEIPTS_TOPIC, Message: `order ${id} is billed` }).promise();
}

exports.handler = async function (event) {
  const ids = event.Records.map((record) => JSON.parse(record.body).id);
  await Promise.all(ids.map(billOne));
  return { billed: ids.length };
};
