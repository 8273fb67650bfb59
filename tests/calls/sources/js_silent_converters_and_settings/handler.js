const AWS = require('aws-sdk');
const { marshall, unmarshall } = require('@aws-sdk/util-dynamodb');
const { NodeHttpHandler } = require('@smithy/node-http-handler');

AWS.config.update({ region: 'eu-west-1', maxRetries: 3 });
AWS.config.setPromisesDependency(Promise);
const documents = new AWS.DynamoDB.DocumentClient({ convertEmptyValues: true });

exports.handler = async (event) => {
  const item = AWS.DynamoDB.Converter.marshall(event);
  const plain = AWS.DynamoDB.Converter.unmarshall(item);
  const packed = unmarshall(marshall(plain, { removeUndefinedValues: true }));
  const tags = documents.createSet(['a']);
  const id = AWS.util.uuid.v4();
  const endpoint = new AWS.Endpoint('s3.amazonaws.com');
  const request = new AWS.HttpRequest(endpoint, 'us-east-1');
  return { packed, tags, id, host: request.endpoint, handler: new NodeHttpHandler(), version: AWS.VERSION };
};
