'use strict';

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, UpdateCommand } = require('@aws-sdk/lib-dynamodb');
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const s3 = new S3Client({});

const { TODOS_TABLE, ATTACHMENTS_BUCKET } = process.env;

/** Note the attachment on its todo, and answer with an address to upload it to. */
module.exports.attach = async (event) => {
  const { id } = event.pathParameters;
  const { name } = JSON.parse(event.body);
  const key = `attachments/${id}/${name}`;

  await documents.send(new UpdateCommand({
    TableName: TODOS_TABLE,
    Key: { id },
    UpdateExpression: 'SET attachment = :key',
    ExpressionAttributeValues: { ':key': key },
  }));

  const upload = new PutObjectCommand({ Bucket: ATTACHMENTS_BUCKET, Key: key });
  const url = await getSignedUrl(s3, upload, { expiresIn: 300 });

  return { statusCode: 200, body: JSON.stringify({ url }) };
};
