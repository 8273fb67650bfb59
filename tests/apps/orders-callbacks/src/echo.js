'use strict';

const bus = require('./lib/bus');

module.exports.handler = (event, context, callback) => {
  bus.sendMessage({ QueueUrl: 'echo', MessageBody: event.body }, (error, message) => {
    callback(error, { statusCode: 200, body: message.MessageBody });
  });
};
