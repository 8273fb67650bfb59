import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Resource } from 'sst';
import { Bucket } from 'sst/node/bucket';
import { Queue } from 'sst/node/queue';
import { Table } from 'sst/node/table';

export const handler = async (event: { id: string }) => {
  await new DynamoDBClient({}).send(new GetItemCommand({ TableName: Table.Orders.tableName, Key: {} })); //? dynamodb.GetItem TableName=env:SST_Table_tableName_Orders
  await new S3Client({}).send(new PutObjectCommand({ Bucket: Bucket.uploads.bucketName, Key: event.id })); //? s3.PutObject Bucket=env:SST_Bucket_bucketName_uploads
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: Queue.jobs.queueUrl, MessageBody: 'x' })); //? sqs.SendMessage QueueUrl=env:SST_Queue_queueUrl_jobs
  await new S3Client({}).send(new PutObjectCommand({ Bucket: Resource.Photos.name, Key: event.id })); //? s3.PutObject Bucket=?
};
