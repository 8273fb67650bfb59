const AWS = require('aws-sdk');
const { seed } = require('./seed');

const s3 = new AWS.S3();
const unused = () => s3.listBuckets().promise();

class Admin {
  purge() {
    return new AWS.SQS().purgeQueue({ QueueUrl: 'q' }).promise();
  }
}

exports.other = async () => s3.getObject({ Bucket: 'b', Key: 'k' }).promise();
exports.admin = Admin.name;
exports.handler = async (event) => ({ seed: seed.name, unused: typeof unused });
