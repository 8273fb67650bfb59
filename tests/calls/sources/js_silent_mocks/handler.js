const sinon = require('sinon');
const { makeStore } = require('./store');

exports.handler = async (event) => {
  const s3 = { getObject: sinon.stub().returns({ promise: async () => ({}) }) };
  await s3.getObject({ Bucket: 'b', Key: 'k' }).promise();
  const client = { send: async (command) => command };
  await client.send({ input: { TableName: 't' } });
  return makeStore(client).putItem({ TableName: 't', Item: {} });
};
