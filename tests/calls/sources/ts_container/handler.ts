import { Container, injectable } from 'some-container';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { S3 } from 'aws-sdk';

@injectable()
class Topics {
  constructor(private readonly sns: SNSClient) {}

  async tell(topic: string) {
    await this.sns.send(new PublishCommand({ TopicArn: topic, Message: 'm' })); //? sns.Publish TopicArn=env:TOPIC
  }
}

@injectable()
class Orders {
  constructor(
    private readonly topics: Topics,
    private readonly documents: DynamoDBDocumentClient,
  ) {}

  async close(id: string, s3: S3) {
    await this.documents.send(new GetCommand({ TableName: 'orders', Key: { id } })); //? dynamodb.GetItem TableName=orders
    await s3.deleteObject({ Bucket: 'drafts', Key: id }).promise(); //? s3.DeleteObject Bucket=drafts
    await this.topics.tell(process.env.TOPIC as string);
  }
}

const container = new Container();
container.register(Topics);
container.register(Orders);

export const handler = async (event: { id: string; s3: S3 }) => container.get(Orders).close(event.id, event.s3);
