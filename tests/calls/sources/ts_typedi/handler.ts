import 'reflect-metadata';
import Container, { Inject, Service, Token } from 'typedi';
import { DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';

const TABLE = new Token<string>('table');

@Service()
class Index {
  private readonly client = new DynamoDBClient({});

  @Inject(TABLE)
  private readonly table: string;

  look(id: string) {
    return this.client.send(new QueryCommand({ TableName: this.table })); //? dynamodb.Query TableName=env:INDEX
  }

  everything() {
    return this.client.send(new ScanCommand({ TableName: this.table }));
  }
}

@Service('bus')
class Bus {
  private readonly client = new EventBridgeClient({});

  tell() {
    return this.client.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS }] })); //? events.PutEvents
  }
}

@Service()
class Desk {
  constructor(private readonly index: Index, @Inject('bus') private readonly bus: Bus) {}

  async ask(id: string) {
    await this.index.look(id);
    await this.bus.tell();
  }

  async list() {
    return this.index.everything();
  }
}

Container.set(TABLE, process.env.INDEX);

export const handler = async (event: { id: string }) => Container.get(Desk).ask(event.id);
