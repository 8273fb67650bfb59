const { S3 } = require('@aws-sdk/client-s3');
const s3 = new S3({});

async function* pages(Bucket) {
  yield await s3.listObjectsV2({ Bucket }); //? s3.ListObjectsV2 Bucket=generated
}

exports.run = async () => {
  for await (const page of pages('generated')) {
    for (const { Key } of page.Contents) await s3.deleteObject({ Bucket: 'generated', Key }); //? s3.DeleteObject Bucket=generated
  }
};
