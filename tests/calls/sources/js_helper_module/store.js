const AWS = require('aws-sdk');
const documents = new AWS.DynamoDB.DocumentClient();

const save = (table, item) => documents.put({ TableName: table, Item: item }).promise(); //? dynamodb.PutItem TableName=env:TABLE
const remove = (table, id) => documents.delete({ TableName: table, Key: { id } }).promise();

module.exports = { save, remove };
