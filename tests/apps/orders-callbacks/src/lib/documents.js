'use strict';

// One client and four verbs for every table; the callers say which table.

var AWS = require('aws-sdk');

var client = new AWS.DynamoDB.DocumentClient({ maxRetries: 3 });

function get(table, key, done) {
  client.get({ TableName: table, Key: key }, function (error, data) {
    if (error) return done(error);
    done(null, data.Item);
  });
}

function put(table, item, done) {
  client.put({ TableName: table, Item: item }, done);
}

function change(table, key, name, value) {
  return client.update({
    TableName: table,
    Key: key,
    UpdateExpression: 'SET #name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': value },
  }).promise();
}

function remove(table, key, done) {
  client.delete({ TableName: table, Key: key }, done);
}

function each(params, visit) {
  return client.query(params).promise().then(function (page) {
    page.Items.forEach(visit);
    if (!page.LastEvaluatedKey) return null;
    return each(Object.assign({}, params, { ExclusiveStartKey: page.LastEvaluatedKey }), visit);
  });
}

module.exports = { get: get, put: put, change: change, remove: remove, each: each };
