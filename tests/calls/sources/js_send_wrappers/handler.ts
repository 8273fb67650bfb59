import { DynamoDBClient, GetItemCommand, type GetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { send, Sender, timed } from './wrappers';

const clients = { table: new DynamoDBClient({}), topic: new SNSClient({}) };

const get = (input: Omit<GetItemCommandInput, 'TableName'>) =>
  clients.table.send(new GetItemCommand({ TableName: process.env.TABLE, ...input } as GetItemCommandInput)); //? dynamodb.GetItem TableName=env:TABLE

export const handler = async (event: { id: string }) => {
  await get({ Key: { id: { S: event.id } } });
  await send(clients.topic, new PublishCommand({ TopicArn: process.env.TOPIC, Message: 'm' }));
  await new Sender(new SFNClient({})).send(StartExecutionCommand, { stateMachineArn: process.env.MACHINE });
  await timed('publish', async () => {
    const { topic } = clients;
    await topic.send(new PublishCommand({ PhoneNumber: event.id, Message: 'm' })); //? sns.Publish PhoneNumber=?
  });
};
