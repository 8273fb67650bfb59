import { S3 } from '@aws-sdk/client-s3';

const s3 = new S3({});

class Lazy {
  constructor(make) {
    this.make = make;
  }

  get() {
    return this.value ?? this.start();
  }

  start() {
    return (this.value = this.make());
  }
}

const settings = new Lazy(async () => ({ bucket: process.env.BUCKET }));

export const handler = async () => {
  const { bucket } = await settings.get();
  await s3.headBucket({ Bucket: bucket }); //? s3.HeadBucket Bucket=env:BUCKET
};
