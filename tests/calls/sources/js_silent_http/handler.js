const { S3Client } = require('@aws-sdk/client-s3');
const axios = require('axios');
const got = require('got');
const fetch = require('node-fetch');

const api = axios.create({ baseURL: 'https://example.com' });

exports.handler = async (event) => {
  await axios.get('https://s3.amazonaws.com/b/k');
  await axios.put('https://example.com', { Bucket: 'b', Key: 'k' });
  await api.delete('/x');
  await api.send({ Bucket: 'b' });
  await got.post('https://example.com', { json: {} });
  await api.getObject({ Bucket: 'b', Key: 'k' });
  return fetch('https://dynamodb.us-east-1.amazonaws.com', { method: 'POST', body: S3Client.name });
};
