const { S3Client, HeadObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client({});
const head = (Bucket) => s3.send(new HeadObjectCommand({ Bucket, Key: 'k' })); //? s3.HeadObject Bucket=one & s3.HeadObject Bucket=two

exports.run = () => Promise.all(['one', 'two'].map(head));
