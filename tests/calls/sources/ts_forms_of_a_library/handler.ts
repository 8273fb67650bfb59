// A library's objects from factories, in fields, in loops and callbacks; functions that it is handed run.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as dynamoose from 'dynamoose';
import { Entity, type EntityConfiguration } from 'electrodb';
import { Consumer } from 'sqs-consumer';

const settings: EntityConfiguration = { client: new DynamoDBClient({}), table: process.env.TABLE };
const make = (options: { client: DynamoDBClient; tableName: string }) =>
  new Entity(
    { model: { entity: 'report', version: '1', service: 's' }, attributes: {}, indexes: {} } as const,
    { client: options.client, table: options.tableName },
  );
const connections = new Entity(
  {
    model: { entity: 'connection', version: '1', service: 's' },
    attributes: {},
    indexes: { primary: { pk: { field: 'pk', composite: [] } }, list: { index: 'by-day', pk: { field: 'day', composite: [] } } },
  },
  settings,
);

class Reports {
  constructor(private readonly reports = make({ client: new DynamoDBClient({}), tableName: 'reports' })) {}

  async all() {
    const { data } = await this.reports.scan.go(); //? dynamodb.Scan TableName=reports
    return data;
  }
}

dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB({ region: 'eu-west-1' }));
const User = dynamoose.model('User', { id: String }, { create: false, waitForActive: false });

class Worker {
  private consumer = Consumer.create({ queueUrl: process.env.QUEUE, handleMessage: async (message) => this.on(message) });

  async on(message: { id: string }) {
    await connections.update({ id: message.id }).set({}).go(); //? dynamodb.UpdateItem TableName=env:TABLE
  }

  start() {
    this.consumer.start(); //? sqs.ReceiveMessage QueueUrl=env:QUEUE & sqs.DeleteMessage QueueUrl=env:QUEUE
  }
}

export const handler = async (event: { ids: string[] }) => {
  await new Reports().all();
  await Promise.all(event.ids.map((id) => connections.get({ id }).go())); //? dynamodb.GetItem TableName=env:TABLE
  const users = await User.query('id').eq('x').exec(); //? dynamodb.Query TableName=User IndexName=None $region=eu-west-1
  for (const user of users) {
    await user.save(); //? dynamodb.PutItem TableName=User
  }
  User.get('x', () => { //? dynamodb.GetItem TableName=User
    connections.delete({ id: 'x' }).go(); //? dynamodb.DeleteItem TableName=env:TABLE
  });
  new Worker().start();
  return connections.query.list({}).where(({ id }, { eq }) => eq(id, 'x')).go(); //? dynamodb.Query TableName=env:TABLE IndexName=by-day
};
