const AWS = require('aws-sdk');

exports.timed = (name) => async (event, context, next) => {
  await new AWS.CloudWatch().putMetricData({ Namespace: name, MetricData: [] }).promise(); //? cloudwatch.PutMetricData Namespace=handler
  return next();
};

exports.withTable = (TableName, client) => async (event, context, next) => {
  context.table = { put: (Item) => client.put({ TableName, Item }).promise() }; //? dynamodb.PutItem TableName=env:TABLE
  await next();
};
