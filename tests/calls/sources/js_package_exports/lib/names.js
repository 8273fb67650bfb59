import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { S3Client, HeadBucketCommand } from '@aws-sdk/client-s3';

const prefix = '/app';
export const parameter = () => new SSMClient().send(new GetParameterCommand({ Name: `${prefix}/p` })); //? ssm.GetParameter Name=/app/p
export const bucket = (Bucket) => new S3Client().send(new HeadBucketCommand({ Bucket })); //? s3.HeadBucket Bucket=json-bucket & s3.HeadBucket Bucket=read-bucket & s3.HeadBucket Bucket=third-bucket
