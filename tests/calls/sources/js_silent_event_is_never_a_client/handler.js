const AWS = require('aws-sdk');

exports.handler = async (event, context) => {
  await event.client.getObject({ Bucket: 'b', Key: 'k' }).promise();
  await event.table.put({ TableName: 't', Item: {} });
  for (const record of event.Records) {
    await record.s3.object.delete();
    await record.sendMessage({ QueueUrl: 'q', MessageBody: AWS.VERSION });
  }
  context.callbackWaitsForEmptyEventLoop = false;
  await context.clientContext.publish({ TopicArn: 't' });
  return event['list' + 'Buckets']();
};
