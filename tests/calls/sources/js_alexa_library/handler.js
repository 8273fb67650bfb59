const Alexa = require('ask-sdk-core');
const { DynamoDbPersistenceAdapter } = require('ask-sdk-dynamodb-persistence-adapter');

const Launch = {
  canHandle: () => true,
  handle: (input) => input.attributesManager.getPersistentAttributes(),
};

exports.handler = Alexa.SkillBuilders.custom()
  .addRequestHandlers(Launch)
  .withPersistenceAdapter(new DynamoDbPersistenceAdapter({ tableName: process.env.STATE, createTable: true })) //? dynamodb.GetItem TableName=env:STATE & dynamodb.PutItem TableName=env:STATE & dynamodb.DeleteItem TableName=env:STATE & dynamodb.CreateTable TableName=env:STATE
  .lambda();
