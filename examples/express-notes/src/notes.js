// The table of notes: all that the functions do with it, in one place.
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const {
  DynamoDBDocumentClient, GetCommand, PutCommand, DeleteCommand, QueryCommand,
} = require('@aws-sdk/lib-dynamodb');

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.NOTES_TABLE;

async function list(author) {
  const { Items } = await client.send(new QueryCommand({
    TableName,
    KeyConditionExpression: 'author = :author',
    ExpressionAttributeValues: { ':author': author },
  }));
  return Items;
}

async function get(author, id) {
  const { Item } = await client.send(new GetCommand({ TableName, Key: { author, id } }));
  return Item;
}

async function put(note) {
  await client.send(new PutCommand({ TableName, Item: note }));
}

async function remove(author, id) {
  await client.send(new DeleteCommand({ TableName, Key: { author, id } }));
}

async function writtenOn(day) {
  const { Items } = await client.send(new QueryCommand({
    TableName,
    IndexName: 'byDay',
    KeyConditionExpression: '#day = :day',
    ExpressionAttributeNames: { '#day': 'day' },
    ExpressionAttributeValues: { ':day': day },
  }));
  return Items;
}

module.exports = { list, get, put, remove, writtenOn };
