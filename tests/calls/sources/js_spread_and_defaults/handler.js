const { S3 } = require('@aws-sdk/client-s3');
const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb');
const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const s3 = new S3({});
const documents = DynamoDBDocument.from(new DynamoDB());
const common = { Bucket: process.env.BUCKET, Key: 'fixed' };

const call = (...args) => s3.getObject(...args); //? s3.GetObject Bucket=env:BUCKET Key=fixed

function forward(method, ...args) {
  return method.apply(s3, args); //? s3.DeleteObject Bucket=gone Key=k
}

function put({ bucket = 'default-bucket', key, ...rest } = {}, client = s3) {
  return client.putObject({ Bucket: bucket, Key: key, ...rest }); //? s3.PutObject Bucket=default-bucket Key=k & s3.PutObject Bucket=b Key=k2
}

const remove = (table = process.env.TABLE ?? 'orders') => documents.delete({ TableName: table, Key: {} }); //? dynamodb.DeleteItem TableName=env:TABLE & dynamodb.DeleteItem TableName=other

exports.handler = async (event) => {
  await call(common);
  await forward(s3.deleteObject, { Bucket: 'gone', Key: 'k' });
  await put({ key: 'k' });
  await put({ key: 'k2', bucket: 'b', Body: 'x' });
  await remove();
  await remove('other');
  const params = { TableName: 't' };
  params.Item = event;
  if (event.safe) params.ConditionExpression = 'attribute_not_exists(id)';
  await documents.put(params); //? dynamodb.PutItem TableName=t
  await documents.put({ ...params, TableName: 'u' }); //? dynamodb.PutItem TableName=u
  await s3.getObjectTagging(Object.assign({}, common, { Key: 'other' })); //? s3.GetObjectTagging Bucket=env:BUCKET Key=other
  await s3.getObjectAcl.call(s3, { ...common, Key: 'third' }); //? s3.GetObjectAcl Bucket=env:BUCKET Key=third
  await s3['headObject']({ Bucket: 'computed', Key: 'k' }); //? s3.HeadObject Bucket=computed Key=k
  const { listBuckets } = s3;
  await listBuckets.bind(s3)({}); //? s3.ListBuckets
  for (const operation of ['getBucketAcl', 'getBucketLocation']) {
    await s3[operation]({ Bucket: 'named' }); //? s3.GetBucketAcl Bucket=named & s3.GetBucketLocation Bucket=named
  }
};
