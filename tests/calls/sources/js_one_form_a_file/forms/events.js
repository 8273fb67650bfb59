const EventEmitter = require('node:events');
const { SSM } = require('aws-sdk');

class Loader extends EventEmitter {
  load(name) {
    this.emit('load', name);
  }
}

exports.run = () => {
  const loader = new Loader();
  loader.on('load', (Name) => new SSM().getParameter({ Name }).promise()); //? ssm.GetParameter Name=/events
  loader.load('/events');
};
