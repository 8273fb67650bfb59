const AWS = require('aws-sdk');

const s3 = new AWS.S3();

exports.handler = async () => {
  try {
    throw { client: s3 };
  } catch (error) {
    return error.client.getObject({ Bucket: 'b', Key: 'caught' }).promise(); //? s3.GetObject Key=caught
  }
};
