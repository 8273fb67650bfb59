import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

let client;
const lazily = () => (client ??= new DynamoDBClient({ region: 'eu-west-1' }));

export const run = (command) => lazily().send(command); //? dynamodb.GetItem TableName=orders $region=eu-west-1

export async function retrying(call, times = 3) {
  try {
    return await call();
  } catch (error) {
    if (times > 0) return retrying(call, times - 1);
    throw error;
  }
}

export class Gateway {
  #client = new DynamoDBClient({});

  execute(command) {
    return this.#client.send(command); //? dynamodb.DeleteItem TableName=orders & dynamodb.ListTables & dynamodb.GetItem TableName=orders & dynamodb.DescribeTable TableName=d
  }

  all(commands) {
    return Promise.all(commands.map((command) => this.execute(command)));
  }

  of(name) {
    const kinds = { describe: DescribeTableCommand };
    return (input) => this.execute(new kinds[name](input));
  }
}
