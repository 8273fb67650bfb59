import middy from '@middy/core';
import { SNSClient, PublishCommand, CreateTopicCommand } from '@aws-sdk/client-sns';

const sns = new SNSClient({});

const notify = async (event) => {
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: event.message })); //? sns.Publish TopicArn=env:TOPIC
};

const create = async () => {
  await sns.send(new CreateTopicCommand({ Name: 'x' }));
};

export const handler = middy(notify).use({ before: async () => {} });
export const other = middy(create);
