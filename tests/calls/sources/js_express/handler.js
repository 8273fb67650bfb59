const express = require('express');
const serverless = require('serverless-http');
const { S3Client, GetObjectCommand, DeleteObjectCommand } = require('@aws-sdk/client-s3');

const app = express();
const admin = express();
const s3 = new S3Client({});

app.get('/files/:key', async (req, res) => {
  const found = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: req.params.key })); //? s3.GetObject Bucket=files Key=?
  res.send(found);
});

admin.delete('/files/:key', async (req, res) => {
  await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: req.params.key }));
});

module.exports.handler = serverless(app);
module.exports.admin = serverless(admin);
