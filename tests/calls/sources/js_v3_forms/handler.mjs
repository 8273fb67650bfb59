import * as S3 from '@aws-sdk/client-s3';
import { DynamoDB, DynamoDBClient, paginateScan, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, DynamoDBDocumentClient, PutCommand, QueryCommand, TransactWriteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { Upload } from '@aws-sdk/lib-storage';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { captureAWSv3Client } from 'aws-xray-sdk-core';

const s3 = captureAWSv3Client(new S3.S3Client({}));
const raw = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(raw, { marshallOptions: {} });
const full = DynamoDBDocument.from(new DynamoDB({}));
const TableName = process.env.TABLE;

export const handler = async (event) => {
  await s3.send(new S3.CopyObjectCommand({ Bucket: 'to', Key: 'k', CopySource: 'from/k' })); //? s3.CopyObject Bucket=to CopySource=from/k
  await s3.send(new S3.DeleteObjectCommand({ Bucket: 'to', Key: event.key }), (error, data) => data); //? s3.DeleteObject Bucket=to Key=?
  for await (const page of S3.paginateListObjectsV2({ client: s3 }, { Bucket: 'paged' })) console.log(page); //? s3.ListObjectsV2 Bucket=paged
  await S3.waitUntilObjectExists({ client: s3, maxWaitTime: 3 }, { Bucket: 'b', Key: 'w' }); //? s3.HeadObject Bucket=b Key=w
  await new Upload({ client: s3, params: { Bucket: 'up', Key: 'k', Body: 'x' } }).done(); //? s3.PutObject Bucket=up Key=k
  await getSignedUrl(s3, new S3.GetObjectCommand({ Bucket: 'signed', Key: 'k' }), { expiresIn: 3 }); //? s3.GetObject Bucket=signed Key=k
  await createPresignedPost(s3, { Bucket: 'posted', Key: 'k' }); //? s3.PutObject Bucket=posted Key=k
  await documents.send(new PutCommand({ TableName, Item: {} })); //? dynamodb.PutItem TableName=env:TABLE
  await documents.send(new QueryCommand({ TableName, IndexName: 'byDate' })); //? dynamodb.Query TableName=env:TABLE IndexName=byDate
  await documents.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: {} } }] })); //? dynamodb.TransactWriteItems
  for await (const page of paginateQuery({ client: documents }, { TableName: 'q' })) console.log(page); //? dynamodb.Query TableName=q
  for await (const page of paginateScan({ client: raw }, { TableName: 's' })) console.log(page); //? dynamodb.Scan TableName=s
  await waitUntilTableExists({ client: raw, maxWaitTime: 3 }, { TableName: 'made' }); //? dynamodb.DescribeTable TableName=made
  await full.batchGet({ RequestItems: { a: { Keys: [] } } }); //? dynamodb.BatchGetItem
  await full.update({ TableName: 'u', Key: {} }); //? dynamodb.UpdateItem TableName=u
  await raw.send(new (await import('@aws-sdk/client-dynamodb')).ExecuteStatementCommand({ Statement: 'SELECT * FROM t' })); //? dynamodb.ExecuteStatement
  const credentials = fromTemporaryCredentials({ params: { RoleArn: process.env.ROLE } }); //? sts.AssumeRole RoleArn=env:ROLE
  await new SQSClient({ credentials }).send(new SendMessageCommand({ QueueUrl: 'theirs', MessageBody: 'm' })); //? sqs.SendMessage QueueUrl=theirs
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda');
  await new LambdaClient().send(new InvokeCommand({ FunctionName: process.env.NEXT })); //? lambda.Invoke FunctionName=env:NEXT
};
