import { S3Client, GetObjectCommand, PutObjectCommand, HeadObjectCommand, HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { TABLES, Names, stage } from './constants.js';
import { DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

const Buckets = Object.freeze({ RAW: 'raw', CLEAN: process.env.CLEAN });
const s3 = new S3Client({});
const dynamodb = new DynamoDBClient({});

export const handler = async (event) => {
  await s3.send(new GetObjectCommand({ Bucket: Buckets.RAW, Key: 'k' })); //? s3.GetObject Bucket=raw
  await s3.send(new PutObjectCommand({ Bucket: Buckets['CLEAN'], Key: 'k' })); //? s3.PutObject Bucket=env:CLEAN
  await s3.send(new HeadObjectCommand({ Bucket: Names.bucket, Key: 'k' })); //? s3.HeadObject Bucket=names-bucket
  for (const Bucket of Object.values(Buckets)) {
    await s3.send(new HeadBucketCommand({ Bucket })); //? s3.HeadBucket Bucket=raw & s3.HeadBucket Bucket=env:CLEAN
  }
  await dynamodb.send(new QueryCommand({ TableName: TABLES.orders })); //? dynamodb.Query TableName=orders-env:STAGE
  await dynamodb.send(new ScanCommand({ TableName: [stage, 'users'].join('-') })); //? dynamodb.Scan TableName=env:STAGE-users
  await s3.send(new ListObjectsV2Command({ Bucket: Buckets[event.kind.toUpperCase()] })); //? s3.ListObjectsV2 Bucket=env:CLEAN|raw
};
