const { SQSClient, GetQueueUrlCommand, SendMessageCommand } = require('@aws-sdk/client-sqs');
const AWS = require('aws-sdk');

const client = new SQSClient({});
const sns = new AWS.SNS();

const deliver = async ({ queueName, body, send }) => {
  const find = new GetQueueUrlCommand({ QueueName: queueName });
  const { QueueUrl } = await (send ?? client.send.bind(client))(find); //? sqs.GetQueueUrl QueueName=mail-env:STAGE
  const command = new SendMessageCommand({ QueueUrl, MessageBody: body });
  await (send ?? client.send.bind(client))(command); //? sqs.SendMessage QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/mail-env:STAGE
};

exports.handler = async (event) => {
  await deliver({ queueName: `mail-${process.env.STAGE}`, body: event.body });
  const topic = await sns.createTopic({ Name: 'news' }).promise(); //? sns.CreateTopic Name=news
  await sns.publish({ TopicArn: topic.TopicArn, Message: 'new' }).promise(); //? sns.Publish TopicArn=arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news
};
