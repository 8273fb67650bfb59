const AWS = require('aws-sdk');

open = () => {
  connection = connection || new AWS.DynamoDB.DocumentClient();
  return connection;
};
connection = null;
