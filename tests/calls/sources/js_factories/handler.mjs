import { clientFor, makeTable, Factory, default as connect } from './aws.mjs';
import * as cloud from './aws.mjs';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';

export async function handler(event) {
  await makeTable('ORDERS').get(event.id);
  await makeTable('USERS').get(event.id);
  await clientFor('queue').send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: '' })); //? sqs.SendMessage QueueUrl=env:Q
  await cloud.clientFor('store').send(new ListObjectsV2Command({ Bucket: 'b' })); //? s3.ListObjectsV2 Bucket=b
  const factory = Factory.create({ region: 'eu-west-1' });
  await factory.ssm.send(new GetParameterCommand({ Name: '/p' })); //? ssm.GetParameter Name=/p
  const { send } = connect();
  await send('topic');
}
