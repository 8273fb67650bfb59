import 'reflect-metadata';
import { S3Client, GetObjectCommand, PutObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Handler } from 'aws-lambda';
import { Bucket, Stage, tables } from './names';
import { BaseRepository } from './base';
import { withLogging } from './logging';

enum Table {
  Orders = 'orders',
  Users = 'users',
}

const enum Numbers {
  One = 1,
}

const QUEUES = { jobs: 'jobs', mail: 'mail' } as const;

interface Order {
  id: string;
}

abstract class Service<T> {
  protected constructor(protected readonly table: string, private client = new DynamoDBClient({})) {}

  async save(item: T): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: this.toItem(item) })); //? dynamodb.PutItem TableName=orders
  }

  protected abstract toItem(item: T): Record<string, any>;
}

class OrderService extends Service<Order> {
  constructor() {
    super(Table.Orders);
  }

  protected toItem(order: Order) {
    return { id: { S: order.id } };
  }
}

class Users extends BaseRepository {
  @withLogging
  async all() {
    return this.client.send(new ScanCommand({ TableName: this.name(Table.Users) })); //? dynamodb.Scan TableName=dev-users
  }
}

namespace Storage {
  const s3 = new S3Client({});
  export const get = (Key: string) => s3.send(new GetObjectCommand({ Bucket: Bucket.Raw, Key })); //? s3.GetObject Bucket=raw-env:STAGE Key=k
}

function overload(key: string): Promise<void>;
function overload(key: number): Promise<void>;
async function overload(key: any): Promise<void> {
  await new S3Client({}).send(new PutObjectCommand({ Bucket: `${Stage}-${QUEUES.jobs}`, Key: String(key) })); //? s3.PutObject Bucket=env:STAGE-jobs Key=1
}

export const handler: Handler = async (event) => {
  await new OrderService().save(event as Order);
  await new Users().all();
  await Storage.get('k');
  await overload(1);
  await (<any>new S3Client({})).send(new HeadObjectCommand({ Bucket: tables!.main satisfies string, Key: 'k' })); //? s3.HeadObject Bucket=main
};
