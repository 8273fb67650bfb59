import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import type * as lambda from '@aws-sdk/client-lambda';
import type { SQS } from 'aws-sdk';

interface Store {
  s3?: S3Client;
  send(input: GetObjectCommandInput): Promise<string>;
}

type Invoker = Pick<lambda.LambdaClient, 'send'>;
declare const queue: unknown;

class Memory implements Store {
  table?: DynamoDBDocumentClient;
  invoker: Invoker | undefined;

  async send(input: GetObjectCommandInput): Promise<string> {
    return `${input.Bucket}/${input.Key}`;
  }
}

const describe = (message: SQS.Message): string | undefined => message.Body;

export const handler = async (event: SQS.Message) => {
  const store: Store = new Memory();
  return [await store.send({ Bucket: 'b', Key: 'k' }), describe(event), queue as string];
};
