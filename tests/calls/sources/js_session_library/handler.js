const express = require('express');
const session = require('express-session');
const serverless = require('serverless-http');
const multer = require('multer');
const multerS3 = require('multer-s3');
const { S3Client } = require('@aws-sdk/client-s3');
const { CognitoJwtVerifier } = require('aws-jwt-verify');
const DynamoDBStore = require('connect-dynamodb')(session);

const verifier = CognitoJwtVerifier.create({ userPoolId: 'p', tokenUse: 'access', clientId: 'c' });
const app = express();
app.use(session({ store: new DynamoDBStore({ table: process.env.SESSIONS }), secret: 's' })); //? dynamodb.GetItem TableName=env:SESSIONS & dynamodb.PutItem TableName=env:SESSIONS & dynamodb.UpdateItem TableName=env:SESSIONS & dynamodb.DeleteItem TableName=env:SESSIONS
const upload = multer({ storage: multerS3({ s3: new S3Client({}), bucket: process.env.UPLOADS }) }); //? s3.PutObject Bucket=env:UPLOADS & s3.DeleteObject Bucket=env:UPLOADS
app.post('/photo', upload.single('photo'), async (request, response) => {
  await verifier.verify(request.headers.authorization);
  response.json({ ok: true });
});

exports.handler = serverless(app);
