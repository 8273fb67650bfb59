import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3 } from '@aws-sdk/client-s3';
import { SQS, SNS } from 'aws-sdk';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { resolve, useContainer } from 'unseen-container';

interface Dependencies {
  client: DynamoDBClient;
  topic: SNS;
}

type Clients = { s3: S3Client };

async function save(client: DynamoDBClient, item: any) {
  await client.send(new PutItemCommand({ TableName: 'orders', Item: item })); //? dynamodb.PutItem TableName=orders
}

const read = async (s3: S3Client | undefined, Key?: string) => s3?.send(new GetObjectCommand({ Bucket: 'typed', Key })); //? s3.GetObject Bucket=typed

const purge = (queue: SQS) => queue.purgeQueue({ QueueUrl: 'q' }).promise(); //? sqs.PurgeQueue QueueUrl=q

const destructured = async ({ client, topic }: Dependencies) => {
  await client.send(new PutItemCommand({ TableName: 'deps', Item: {} })); //? dynamodb.PutItem TableName=deps
  await topic.publish({ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t', Message: '' }).promise(); //? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:t
};

const member = (clients: Clients) => clients.s3.send(new HeadBucketCommand({ Bucket: 'member' })); //? s3.HeadBucket Bucket=member

class Repository {
  private readonly s3: S3;
  public documents!: DynamoDBDocumentClient;

  constructor(private readonly store: S3Client, container: any) {
    this.s3 = container.get('s3');
    this.documents = container.get('documents');
  }

  async run() {
    await this.store.send(new ListObjectsV2Command({ Bucket: 'property' })); //? s3.ListObjectsV2 Bucket=property
    await this.s3.getObjectAcl({ Bucket: 'declared', Key: 'k' }); //? s3.GetObjectAcl Bucket=declared
    await this.documents.send(new GetCommand({ TableName: 'documents', Key: {} })); //? dynamodb.GetItem TableName=documents
  }
}

function notAClient(store: Map<string, string>, text: string) {
  store.delete('x');
  text.search('x');
}

export const handler = async (event: any) => {
  await save(resolve('dynamodb'), event);
  await read(resolve('s3'), 'k');
  await purge(resolve('sqs'));
  await destructured(resolve('all'));
  await member(resolve('clients'));
  await new Repository(resolve('store'), resolve('container')).run();
  notAClient(resolve('x'), resolve('y'));
  const local: S3Client = resolve('s3');
  await local.send(new GetObjectCommand({ Bucket: 'local', Key: 'k' })); //? s3.GetObject Bucket=local
  const cast = resolve('s3') as S3Client;
  await cast.send(new GetObjectCommand({ Bucket: 'cast', Key: 'k' })); //? s3.GetObject Bucket=cast
  const generic = useContainer<S3Client>('s3');
  generic.send(new GetObjectCommand({ Bucket: 'generic', Key: 'k' }));
};
