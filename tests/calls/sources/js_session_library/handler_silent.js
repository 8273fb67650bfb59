// Sessions in memory, files on the disk, tokens that public keys verify.
const express = require('express');
const session = require('express-session');
const multer = require('multer');
const serverless = require('serverless-http');
const { JwtVerifier } = require('aws-jwt-verify');
const { marshall } = require('@aws/dynamodb-auto-marshaller');

const app = express();
app.use(session({ store: new session.MemoryStore(), secret: 's' }));
app.post('/photo', multer({ storage: multer.diskStorage({}) }).single('photo'), (request, response) => {
  JwtVerifier.create({ issuer: 'i' }).verify(request.body.token);
  response.json(marshall(request.body));
});

exports.handler = serverless(app);
