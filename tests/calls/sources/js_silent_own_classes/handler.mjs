import { DynamoDB, PutItemCommand, S3 } from './aws.mjs';

const dynamodb = new DynamoDB();
const s3 = new S3({ region: 'eu-west-1' });

export const handler = async (event) => {
  await dynamodb.send(new PutItemCommand({ TableName: 't', Item: {} }));
  await dynamodb.putItem({ TableName: 't', Item: {} }).promise();
  await s3.getObject({ Bucket: 'b', Key: 'k' }).promise();
  return s3.upload({ Bucket: 'b', Key: 'k' });
};
