const AWS = require('aws-sdk');
const Minio = require('minio');

const client = new Minio.Client({ endPoint: 'minio', accessKey: 'a', secretKey: 'b' });

exports.handler = (event, context, callback) => {
  client.putObject('b', 'k', 'x', (error) => callback(error));
  client.getObject('b', 'k', (error, stream) => stream.on('data', () => undefined));
  client.copyObject('b', 'k', '/c/k', null, callback);
  client.listObjectsV2('b', '', true).on('data', () => undefined);
  client.removeObject('b', 'k', callback);
  client.presignedGetObject('b', 'k', 60, callback);
  client.listBuckets(callback);
  console.log(AWS.VERSION);
};
