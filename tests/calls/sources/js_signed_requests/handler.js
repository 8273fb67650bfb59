const https = require('https');
const aws4 = require('aws4');
const { AwsClient } = require('aws4fetch');
const { URL } = require('url');
const { Signer } = require('@aws-sdk/rds-signer');

const aws = new AwsClient({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});

function send(options) {
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => resolve(response.statusCode));
    request.on('error', reject);
    request.end(options.body);
  });
}

async function callApi(order) {
  const options = {
    host: process.env.API_HOST,
    path: '/v1/orders',
    service: 'execute-api',
    region: process.env.AWS_REGION,
    body: JSON.stringify(order),
  };
  aws4.sign(options); //? execute-api.Invoke method=POST url=env:API_HOST/v1/orders
  return send(options);
}

async function search(text) {
  const url = new URL(process.env.SEARCH_URL);
  const signed = aws4.sign({ hostname: url.hostname, path: '/books/_search', method: 'POST', service: 'es', body: text }); //? es.ESHttpPost url=env:SEARCH_URL?
  return send(signed);
}

exports.handler = async (event) => {
  await callApi(event.order);
  await search(event.text);
  await send({ host: 'example.com', path: '/' });
  await aws.fetch('https://a1b2c3.appsync-api.eu-west-1.amazonaws.com/graphql', { method: 'POST', body: '{}' }); //? appsync.GraphQL url=https://a1b2c3.appsync-api.eu-west-1.amazonaws.com/graphql
  await aws.fetch('https://example.com/');
  const response = await aws.fetch(process.env.FUNCTION_URL, { aws: { service: 'lambda' } }); //? lambda.InvokeFunctionUrl url=env:FUNCTION_URL
  const signer = new Signer({ hostname: process.env.HOST, port: 3306, username: process.env.USER_NAME });
  const password = await signer.getAuthToken(); //? rds-db.connect DBUsername=env:USER_NAME
  return { password, status: response.status };
};
