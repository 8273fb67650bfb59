const AWS = require('aws-sdk');
const Redis = require('ioredis');
const { createClient } = require('redis');

const redis = new Redis(process.env.REDIS);
const client = createClient();

exports.handler = async (event) => {
  await redis.publish('orders', 'x');
  await redis.get('a');
  await redis.copy('a', 'b');
  await redis.scan(0);
  await client.connect();
  await client.send(['GET', 'a']);
  await client.query('x');
  await client.putItem({ TableName: 't', Item: {} }).promise();
  return redis.pipeline().get('a').delete('b').exec(AWS.VERSION);
};
