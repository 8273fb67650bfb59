const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({});

exports.handler = async (event) => {
  for (const record of event.Records) {
    await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: record.messageId } } }));
  }
};
