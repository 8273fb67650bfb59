const { S3 } = require('@aws-sdk/client-s3');
const clients = {};
const client = () => (clients.s3 ??= new S3({}));

exports.run = () => client().getObject({ Bucket: 'memo', Key: 'k' }); //? s3.GetObject Bucket=memo
