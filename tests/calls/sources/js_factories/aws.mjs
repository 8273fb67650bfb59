import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';

const makers = { queue: () => new SQSClient({}), store: () => new S3Client({}) };

export const clientFor = (kind) => makers[kind]();

export function makeTable(variable) {
  const document = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = process.env[variable];
  return {
    get: (id) => document.send(new GetCommand({ TableName, Key: { id } })), //? dynamodb.GetItem TableName=env:ORDERS & dynamodb.GetItem TableName=env:USERS
    remove(id) {
      return document.send(new DeleteCommand({ TableName, Key: { id } }));
    },
  };
}

export class Factory {
  static create(options) {
    return new Factory(options);
  }

  constructor({ region }) {
    this.region = region;
  }

  get ssm() {
    this._ssm = this._ssm ?? new SSMClient({ region: this.region });
    return this._ssm;
  }
}

export default () => {
  const client = new SNSClient({});
  return { send: (topic) => client.send(new PublishCommand({ TopicArn: topic, Message: 'm' })) }; //? sns.Publish TopicArn=topic
};
