import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { settings } from '@core/settings';
import { TopicAlarm } from '@services/TopicAlarm';
import { QueueMailbox } from '@services/QueueMailbox';
import { SubscriberService } from '@services/SubscriberService';

export const mailbox = new QueueMailbox(new SQSClient({}), settings.outboxUrl);

export const alarm = new TopicAlarm(new SNSClient({}), settings.alertsTopic);

export const subscribers = new SubscriberService(
  DynamoDBDocumentClient.from(new DynamoDBClient({})),
  settings.subscribersTable,
  mailbox,
);
