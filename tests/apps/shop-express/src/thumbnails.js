import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import sharp from 'sharp';

const client = new S3Client();
const Bucket = process.env.PICTURES_BUCKET;

const nameOf = (key) => key.split('/').pop().replace(/\.\w+$/, '');

export const handler = async ({ Records }) => {
  for (const { s3 } of Records) {
    const { key } = s3.object;
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    const picture = sharp(await Body.transformToByteArray()).resize(320).webp();
    const upload = new Upload({ client, params: { Bucket, Key: `thumbnails/${nameOf(key)}.webp`, Body: picture } });
    await upload.done();
  }
};
