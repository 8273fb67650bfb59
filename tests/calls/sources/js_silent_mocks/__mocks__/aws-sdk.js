const AWS = jest.requireActual('aws-sdk');

module.exports = { S3: class { getObject() { return new AWS.S3().getObject({ Bucket: 'b', Key: 'k' }); } } };
