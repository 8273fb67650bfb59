const AWS = require('aws-sdk');

const s3 = new AWS.S3();
const idp = new AWS.CognitoIdentityServiceProvider();

exports.handler = async (event) => {
  s3.makeUnauthenticatedRequest('getObject', { Bucket: 'b', Key: 'k' }, () => undefined);
  s3.config.update({ maxRetries: 1 });
  const url = `https://${s3.endpoint.hostname}/b/k`;
  return { url, region: idp.config.region, api: s3.config.apiVersion };
};
