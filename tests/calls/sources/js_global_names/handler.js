const AWS = require('aws-sdk');
require('./settings');
require('./clients');

const store = () => {
  globalThis.s3 = globalThis.s3 || new AWS.S3();
};

exports.handler = async (event) => {
  await open().put({ TableName: invoiceTable, Item: event }).promise(); //? dynamodb.PutItem TableName=Invoices
  store();
  await s3.putObject({ Bucket: archive.bucket, Key: event.id }).promise(); //? s3.PutObject Bucket=invoice-archive Key=?
};
