import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';

const client = new DynamoDBClient({});

export const handler = async (event) => {
  const put = new PutItemCommand({ TableName: 't', Item: {} });
  const commands = [new DeleteItemCommand({ TableName: 't', Key: {} }), put];
  const inputs = commands.map((command) => command.input.TableName);
  const same = put instanceof PutItemCommand && client instanceof DynamoDBClient;
  return { inputs, same, name: GetObjectCommand.name, region: client.config.region };
};
