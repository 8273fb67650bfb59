const { EventEmitter } = require('events');
const { SNSClient } = require('@aws-sdk/client-sns');
const WebSocket = require('ws');

const bus = new EventEmitter();
const socket = new WebSocket('wss://example.com');

exports.handler = async (event, context) => {
  bus.on('order', (order) => order.publish({ TopicArn: 't', Message: 'x' }));
  bus.emit('order', { publish: () => undefined });
  socket.send(JSON.stringify({ TopicArn: SNSClient.name }));
  socket.on('message', (message) => message.delete());
  process.send && process.send({ QueueUrl: 'q' });
  const response = { send: (body) => body, put: () => undefined };
  response.put();
  context.succeed();
  return response.send('x');
};
