import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

export class Store {
  constructor(table = 'first') {
    this.table = table;
  }

  save(Item) {
    return client.send(new PutItemCommand({ TableName: this.table, Item })); //? dynamodb.PutItem TableName=first & dynamodb.PutItem TableName=second
  }
}

export default (table) => new Store(table);
