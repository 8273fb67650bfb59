const fs = require('fs');
const path = require('path');
const yaml = require('js-yaml');
const { S3 } = require('aws-sdk');
const config = require('./config.json');
const { bucket } = require('./config');
const settings = yaml.load(fs.readFileSync(path.resolve(__dirname, 'config.yml'), 'utf8'));

const s3 = new S3();

async function load() {
  return JSON.parse(await fs.promises.readFile(`${__dirname}/config.json`, 'utf8'));
}

exports.handler = async () => {
  await s3.getObject({ Bucket: config.bucket, Key: 'k' }).promise(); //? s3.GetObject Bucket=json-bucket
  await s3.putObject({ Bucket: settings.storage.bucket, Key: 'k' }).promise(); //? s3.PutObject Bucket=yaml-bucket
  await s3.headObject({ Bucket: bucket, Key: 'k' }).promise(); //? s3.HeadObject Bucket=json-bucket
  await s3.deleteObject({ Bucket: (await load()).bucket, Key: 'k' }).promise(); //? s3.DeleteObject Bucket=json-bucket
};
