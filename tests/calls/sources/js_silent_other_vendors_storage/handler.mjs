import { GetObjectCommand, PutObjectCommand, S3, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Upload } from '@aws-sdk/lib-storage';
import AWS from 'aws-sdk';

const r2 = new S3Client({ region: 'auto', endpoint: `https://${process.env.ACCOUNT}.r2.cloudflarestorage.com` });
const spaces = new S3({ endpoint: 'https://fra1.digitaloceanspaces.com' });
const wasabi = new AWS.S3({ endpoint: 's3.eu-central-1.wasabisys.com' });

export const handler = async (event) => {
  await r2.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
  await new Upload({ client: r2, params: { Bucket: 'b', Key: 'k', Body: 'x' } }).done();
  await spaces.deleteObject({ Bucket: 'b', Key: 'k' });
  await wasabi.upload({ Bucket: 'b', Key: 'k', Body: 'x' }).promise();
  return getSignedUrl(r2, new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
};
