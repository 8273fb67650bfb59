import { S3Client, GetObjectCommand, PutObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { SQSClient, SendMessageCommand, DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

class Base {
  static client = new DynamoDB({});
  table = process.env.BASE;

  save(item) {
    return Base.client.putItem({ TableName: this.table, Item: item }); //? dynamodb.PutItem TableName=env:USERS & dynamodb.PutItem TableName=env:BASE
  }

  drop() {
    return Base.client.deleteTable({ TableName: this.table });
  }
}

class Users extends Base {
  table = process.env.USERS;
}

class Plain extends Base {}

class Store {
  #client;
  bucket = 'files';

  constructor(client = new S3Client({})) {
    this.#client = client;
    this.read = this.read.bind(this);
  }

  read(Key) {
    return this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key })); //? s3.GetObject Bucket=files Key=a
  }

  write = async (Key) => {
    await this.#send(new PutObjectCommand({ Bucket: this.bucket, Key }));
  };

  #send(command) {
    return this.#client.send(command); //? s3.PutObject Bucket=files Key=b & s3.HeadObject Bucket=probed Key=k
  }

  static probe(Bucket) {
    return new Store().#send(new HeadObjectCommand({ Bucket, Key: 'k' }));
  }
}

const Sends = (Parent) =>
  class extends Parent {
    send(body) {
      return this.queue.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body })); //? sqs.SendMessage QueueUrl=env:URL
    }
  };

class Queue {
  constructor(url) {
    this.url = url;
    this.queue = new SQSClient({});
  }
}

class Jobs extends Sends(Queue) {
  constructor() {
    super(process.env.URL);
  }

  async send(body) {
    await super.send(body);
  }
}

function Old(table) {
  this.table = table;
}

Old.prototype.scan = function () {
  return Base.client.scan({ TableName: this.table }); //? dynamodb.Scan TableName=old
};

export const handler = async (event) => {
  await new Users().save(event);
  await new Plain().save(event);
  const { read } = new Store();
  await read('a');
  await new Store().write('b');
  await Store.probe('probed');
  await new Jobs().send('x');
  await new Old('old').scan();
};
