const { S3 } = require('aws-sdk');
const streams = require('s3-upload-stream')(new S3());

exports.handler = async (event) => {
  const stream = streams.upload({ Bucket: process.env.BUCKET, Key: 'report.csv' }); //? s3.CreateMultipartUpload Bucket=env:BUCKET & s3.UploadPart Bucket=env:BUCKET & s3.CompleteMultipartUpload Bucket=env:BUCKET & s3.AbortMultipartUpload Bucket=env:BUCKET
  stream.concurrentParts(5);
  stream.write('a,b');
  stream.end();
};
