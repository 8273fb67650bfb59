// What nobody forbids, dynamoose does: it looks for the table and creates it.
const dynamoose = require('dynamoose');
const Cat = dynamoose.model('Cat', { id: String });

exports.handler = (event) => Cat.get(event.id); //? dynamodb.GetItem TableName=Cat & dynamodb.DescribeTable TableName=Cat & dynamodb.CreateTable TableName=Cat
