const AWS = require('aws-sdk');

const s3 = new AWS.S3();

function store(body, mode) {
  if (mode === 's3') {
    return s3.putObject({ Bucket: 'b', Key: 'k', Body: body }).promise();
  }
  return body;
}

function seed(really) {
  if (!really) return undefined;
  return s3.createBucket({ Bucket: 'b' }).promise();
}

exports.handler = async (event) => {
  const enabled = false;
  if (false) await s3.getObject({ Bucket: 'b', Key: 'k' }).promise();
  if (enabled) await s3.listBuckets().promise();
  if (require.main === module) await s3.headObject({ Bucket: 'b', Key: 'k' }).promise();
  seed(false);
  return store(event, 'memory');
  s3.deleteObject({ Bucket: 'b', Key: 'k' });
};
