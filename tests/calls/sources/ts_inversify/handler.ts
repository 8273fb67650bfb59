import { Container, ContainerModule, inject, injectable } from 'inversify';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { TYPES } from './types';

interface Ledger {
  write(entry: object): Promise<unknown>;
  erase(id: string): Promise<unknown>;
}

@injectable()
class TableLedger implements Ledger {
  private readonly documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  write(entry: object) {
    return this.documents.send(new PutCommand({ TableName: process.env.LEDGER, Item: entry })); //? dynamodb.PutItem TableName=env:LEDGER
  }

  erase(id: string) {
    return this.documents.send(new DeleteCommand({ TableName: process.env.LEDGER, Key: { id } }));
  }
}

@injectable()
class Queue {
  constructor(private readonly sqs: SQSClient, private readonly url: string) {}

  add(text: string) {
    return this.sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: text })); //? sqs.SendMessage QueueUrl=env:QUEUE
  }

  empty() {
    return this.sqs.send(new PurgeQueueCommand({ QueueUrl: this.url }));
  }
}

@injectable()
class Clerk {
  @inject(TYPES.Bucket) private readonly bucket!: string;
  private readonly s3 = new S3Client({});

  constructor(@inject(TYPES.Ledger) private readonly ledger: Ledger, @inject(TYPES.Queue) private readonly queue: Queue) {}

  async file(entry: object) {
    await this.ledger.write(entry);
    await this.queue.add('filed');
    return this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: 'k' })); //? s3.GetObject Bucket=env:BUCKET
  }

  async strike(id: string) {
    await this.ledger.erase(id);
    await this.queue.empty();
  }
}

const container = new Container();
container.bind<Ledger>(TYPES.Ledger).to(TableLedger).inSingletonScope();
container.bind(SQSClient).toConstantValue(new SQSClient({}));
container.bind(TYPES.Queue).toDynamicValue((context) => new Queue(context.container.get(SQSClient), process.env.QUEUE!));
container.load(
  new ContainerModule((bind) => {
    bind(TYPES.Clerk).to(Clerk);
    bind(TYPES.Bucket).toConstantValue(process.env.BUCKET);
  })
);

export const handler = async (event: object) => container.get<Clerk>(TYPES.Clerk).file(event);
