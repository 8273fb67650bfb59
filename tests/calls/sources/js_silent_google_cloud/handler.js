const AWS = require('aws-sdk');
const { PubSub } = require('@google-cloud/pubsub');
const { Storage } = require('@google-cloud/storage');
const { Firestore } = require('@google-cloud/firestore');

const bucket = new Storage().bucket('b');

exports.handler = async (event) => {
  await bucket.upload('/tmp/x');
  await bucket.file('k').copy(bucket.file('k2'));
  await bucket.file('k').delete();
  await bucket.file('k').getSignedUrl({ action: 'read' });
  await bucket.deleteObjects({ Delete: { Objects: [] } }).promise();
  await new PubSub().topic('t').publish(Buffer.from('x'));
  const document = new Firestore().doc('c/d');
  await document.get();
  await document.update({ a: AWS.VERSION });
  await document.delete();
};
