const { Client } = require('@elastic/elasticsearch');
const algolia = require('algoliasearch')('a', 'k');
const AWS = require('aws-sdk');

const client = new Client({ node: 'https://search.example.com' });
const index = algolia.initIndex('i');

exports.handler = async (event) => {
  await client.index({ index: 'i', body: {} });
  await client.search({ index: 'i' });
  await client.delete({ index: 'i', id: '1' });
  await client.get({ index: 'i', id: '1' });
  await client.scan({ TableName: 't' });
  await index.saveObject({});
  await index.deleteObjects(['1']);
  await index.getObject('1', { Bucket: 'b', Key: 'k' });
  return index.search(AWS.VERSION);
};
