const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');

const cache = new Map();
const weak = new WeakMap();
const seen = new Set();

exports.handler = async (event) => {
  cache.set('a', 1);
  cache.get('a');
  cache.delete('a');
  weak.set(event, 1);
  weak.delete(event);
  seen.add('a').delete('a');
  const query = new URLSearchParams('a=1');
  query.get('a');
  query.delete('a');
  query.append('a', '2');
  const form = new FormData();
  form.append('key', 'k');
  form.delete('key');
  const headers = new Headers();
  headers.get('x');
  headers.delete('x');
  const parts = [1, 2, 3].copyWithin(0, 1);
  return [...parts, DynamoDBClient.name].find((one) => one === 2);
};
