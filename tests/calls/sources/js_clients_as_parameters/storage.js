exports.archive = (client, options) => put(client, options.bucket, `items/${options.item.id}.json`);

function put(s3, Bucket, Key) {
  return s3.putObject({ Bucket, Key, Body: '' }).promise(); //? s3.PutObject Bucket=env:ARCHIVE Key=items/?.json
}
