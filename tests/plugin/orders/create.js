const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
exports.handler = async ({ id }) =>
  client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: id } } }));
