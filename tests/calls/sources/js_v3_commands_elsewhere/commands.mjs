import { DeleteItemCommand, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';

export const makePut = (Bucket, Key) => new PutObjectCommand({ Bucket, Key, Body: 'x' });

export const commands = {
  read: (id) => new GetItemCommand({ TableName: 'orders', Key: { id: { S: id } } }),
  remove: (id) => new DeleteItemCommand({ TableName: 'orders', Key: { id: { S: id } } }),
  tables: () => new ListTablesCommand({}),
};

export const requests = {
  head: new HeadObjectCommand({ Bucket: 'b', Key: 'k' }),
  list: new ListObjectsV2Command({ Bucket: 'listed' }),
};
