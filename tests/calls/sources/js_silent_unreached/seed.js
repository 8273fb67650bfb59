const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');

exports.seed = () => new DynamoDBClient({}).send(new PutItemCommand({ TableName: 't', Item: {} }));
