const { DynamoDBClient, ScanCommand } = require('@aws-sdk/client-dynamodb');

class Container {
  constructor() {
    this.made = new Map();
  }

  register(name, make) {
    this.made.set(name, make);
    return this;
  }

  resolve(name) {
    return this.made.get(name)(this);
  }
}

class Orders {
  constructor({ client, table }) {
    Object.assign(this, { client, table });
  }

  all() {
    return this.client.send(new ScanCommand({ TableName: this.table })); //? dynamodb.Scan TableName=env:ORDERS
  }
}

exports.run = () =>
  new Container()
    .register('client', () => new DynamoDBClient({}))
    .register('orders', (one) => new Orders({ client: one.resolve('client'), table: process.env.ORDERS }))
    .resolve('orders')
    .all();
