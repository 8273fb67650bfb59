const { SQSClient } = require('@aws-sdk/client-sqs');
const amqp = require('amqplib');
const { Kafka } = require('kafkajs');
const mqtt = require('mqtt');
const { connect } = require('nats');

const kafka = new Kafka({ brokers: ['b:9092'] });

exports.handler = async (event) => {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 't', messages: [] });
  await producer.sendBatch({ topicMessages: [] });
  const channel = await (await amqp.connect('amqp://b')).createChannel();
  channel.publish('exchange', 'key', Buffer.from('x'));
  channel.sendToQueue('q', Buffer.from('x'));
  channel.purgeQueue('q');
  channel.sendMessage({ QueueUrl: 'q', MessageBody: 'x' });
  const nats = await connect();
  nats.publish('orders', SQSClient.name);
  const broker = mqtt.connect('mqtt://b');
  broker.publish('rooms/1', 'x');
  broker.subscribe('rooms/#');
};
