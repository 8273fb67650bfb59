import { S3Client, DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const sizes = ['small', 'large'];

const names = (event) => {
  if (event.all) {
    return event.pictures.map((picture) => sizes.map((size) => `${size}/${picture}`)).flat();
  }
  return event.pictures.map((picture) => `original/${picture}`);
};

export const handler = async (event) => {
  await Promise.all(
    names(event).map((Key) => s3.send(new DeleteObjectCommand({ Bucket: 'pictures', Key }))), //? s3.DeleteObject Key=large/?|small/? & s3.DeleteObject Key=original/?
  );
  for (const Key of [['a'], 'b'].flat()) {
    await s3.send(new HeadObjectCommand({ Bucket: 'pictures', Key })); //? s3.HeadObject Key=a & s3.HeadObject Key=b
  }
};
