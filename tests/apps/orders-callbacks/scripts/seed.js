// Fills the tables of a stage for a demonstration: `node scripts/seed.js`. No function reaches it.
const AWS = require('aws-sdk');

const client = new AWS.DynamoDB.DocumentClient({ region: 'us-west-2' });

client.batchWrite({
  RequestItems: { [process.env.CUSTOMERS_TABLE]: [{ PutRequest: { Item: { email: 'ada@example.com' } } }] },
}, console.log);
