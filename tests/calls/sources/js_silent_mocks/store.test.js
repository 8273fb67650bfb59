const { mockClient } = require('aws-sdk-client-mock');
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');

jest.mock('aws-sdk');
const mock = mockClient(DynamoDBClient);

test('puts', async () => {
  mock.on(PutItemCommand).resolves({});
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: 't', Item: {} }));
});
