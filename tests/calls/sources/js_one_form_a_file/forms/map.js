const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { SQS } = require('@aws-sdk/client-sqs');
const clients = new Map([['db', new DynamoDB({})], ['queue', new SQS({})]]);

exports.run = async () => {
  await clients.get('db').getItem({ TableName: 'map', Key: {} }); //? dynamodb.GetItem TableName=map
  await clients.get('queue').listQueues({}); //? sqs.ListQueues
};
