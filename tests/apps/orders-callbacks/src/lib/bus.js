'use strict';

const EventEmitter = require('events');

/** Says inside one process what happened. It publishes, but to listeners in memory. */
class Bus extends EventEmitter {
  publish(message) {
    this.emit(message.TopicArn, message.Message);
    return { promise: () => Promise.resolve() };
  }

  sendMessage(message, done) {
    setImmediate(() => done(null, message));
  }
}

module.exports = new Bus();
