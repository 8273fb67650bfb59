import { S3Client } from '@aws-sdk/client-s3';
import { commands, makePut, requests } from './commands.mjs';
import { Gateway, retrying, run } from './sending.mjs';

const s3 = new S3Client({});

export const handler = async (event) => {
  await s3.send(makePut(process.env.BUCKET, 'k')); //? s3.PutObject Bucket=env:BUCKET Key=k
  await run(commands.read(event.id));
  await retrying(() => s3.send(requests.head)); //? s3.HeadObject Bucket=b Key=k
  const gateway = new Gateway();
  await gateway.execute(commands.remove('1'));
  await gateway.all([commands.tables(), commands.read('2')]);
  for (const command of Object.values(requests)) await s3.send(command); //? s3.HeadObject Bucket=b & s3.ListObjectsV2 Bucket=listed
  return gateway.of('describe')({ TableName: 'd' });
};
