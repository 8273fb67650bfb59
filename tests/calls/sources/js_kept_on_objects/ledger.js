const { DeleteItemCommand, DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');

class Ledger {
  constructor(table) {
    this.table = table;
    this.client = new DynamoDBClient({});
  }

  read(id) {
    return this.client.send(new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } })); //? dynamodb.GetItem TableName=locals & dynamodb.GetItem TableName=settings & dynamodb.GetItem TableName=request & dynamodb.GetItem TableName=state & dynamodb.GetItem TableName=event & dynamodb.GetItem TableName=global
  }

  erase(id) {
    return this.client.send(new DeleteItemCommand({ TableName: this.table, Key: { id: { S: id } } }));
  }
}

exports.Ledger = Ledger;
