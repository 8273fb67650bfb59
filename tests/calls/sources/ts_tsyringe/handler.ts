import 'reflect-metadata';
import { autoInjectable, container, inject, injectable, singleton } from 'tsyringe';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

interface Shelf {
  find(id: string): Promise<unknown>;
  drop(id: string): Promise<unknown>;
}

@injectable()
class DynamoShelf implements Shelf {
  constructor(private readonly client: DynamoDBClient, @inject('ShelfTable') private readonly table: string) {}

  find(id: string) {
    return this.client.send(new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } })); //? dynamodb.GetItem TableName=env:SHELF
  }

  drop(id: string) {
    return this.client.send(new DeleteItemCommand({ TableName: this.table, Key: { id: { S: id } } }));
  }
}

@singleton()
class Bell {
  private readonly sns = new SNSClient({});

  ring(topic: string) {
    return this.sns.send(new PublishCommand({ TopicArn: topic, Message: 'm' })); //? sns.Publish TopicArn=env:TOPIC
  }

  silence(topic: string) {
    return this.sns.send(new PublishCommand({ TopicArn: topic, Message: 'never' }));
  }
}

@injectable()
class Librarian {
  constructor(@inject('Shelf') private readonly shelf: Shelf, private readonly bell: Bell) {}

  async lend(id: string) {
    await this.shelf.find(id);
    await this.bell.ring(process.env.TOPIC as string);
  }

  async burn(id: string) {
    await this.shelf.drop(id);
  }
}

@autoInjectable()
class Archive {
  constructor(private readonly bucket: string, private readonly s3?: S3Client) {}

  keep(key: string) {
    return this.s3!.send(new PutObjectCommand({ Bucket: this.bucket, Key: key })); //? s3.PutObject Bucket=archive
  }

  forget(key: string) {
    return this.s3!.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}

class Till {
  constructor(private readonly client: DynamoDBClient, private readonly table: string) {}

  pay(id: string) {
    return this.client.send(new PutItemCommand({ TableName: this.table, Item: { id: { S: id } } })); //? dynamodb.PutItem TableName=till
  }
}

container.register<Shelf>('Shelf', { useClass: DynamoShelf });
container.register('ShelfTable', { useValue: process.env.SHELF });
container.register(Till, { useFactory: (c) => new Till(c.resolve(DynamoDBClient), 'till') });

export const handler = async (event: { id: string }) => {
  await container.resolve(Librarian).lend(event.id);
  await container.resolve<Till>(Till).pay(event.id);
  return new Archive('archive').keep(event.id);
};
