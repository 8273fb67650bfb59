const AWS = require('aws-sdk');
const admin = require('firebase-admin');

admin.initializeApp({});
const users = admin.firestore().collection('users');

exports.handler = async (event) => {
  await users.doc('1').get();
  await users.doc('1').update({ a: 1 });
  await users.where('a', '==', 1).query({ TableName: 'users' });
  await admin.messaging().send({ topic: 't' });
  await admin.auth().deleteUser('u');
  await admin.auth().listUsers(10);
  return admin.storage().bucket().deleteObject({ Bucket: 'b', Key: AWS.VERSION });
};
