const AWS = require('aws-sdk');
const pipeline = require('./pipeline');
const { withTable, timed } = require('./wrap');

const sqs = new AWS.SQS();
const dynamodb = new AWS.DynamoDB.DocumentClient();

const handler = async (event, context) => {
  await context.table.put(event);
  await sqs.sendMessage({ QueueUrl: process.env.QUEUE, MessageBody: '' }).promise(); //? sqs.SendMessage QueueUrl=env:QUEUE
};

exports.handler = pipeline(timed('handler'), withTable(process.env.TABLE, dynamodb))(handler);
exports.other = pipeline(async () => sqs.purgeQueue({ QueueUrl: 'other' }).promise())(async () => ({}));
