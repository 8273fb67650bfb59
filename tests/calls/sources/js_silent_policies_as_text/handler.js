const { STSClient } = require('@aws-sdk/client-sts');

// new AWS.S3().getObject({ Bucket: 'b', Key: 'k' })
const allow = (principalId, resource) => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource }],
  },
});
const WORDS = { 's3:GetObject': 'read', 'dynamodb:PutItem': 'write' };
const SNIPPET = `client.send(new PutItemCommand({ TableName: 't' }))`;

exports.handler = async (event) => {
  console.log(SNIPPET, Object.keys(WORDS), STSClient.name);
  return allow('user', event.methodArn);
};
