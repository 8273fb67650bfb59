import { S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';

const client = new S3Client({});

export async function handler(): Promise<{ statusCode: number; body: string }> {
  const names: string[] = [];
  const pages = paginateListObjectsV2({ client }, { Bucket: process.env.REPORTS_BUCKET, Prefix: 'daily/' });
  for await (const page of pages) {
    for (const entry of page.Contents ?? []) {
      names.push(entry.Key!);
    }
  }
  return { statusCode: 200, body: JSON.stringify(names) };
}
