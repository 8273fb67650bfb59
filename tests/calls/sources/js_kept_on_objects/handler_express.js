const express = require('express');
const serverless = require('serverless-http');
const { Ledger } = require('./ledger');

const app = express();
app.locals.ledger = new Ledger('locals');
app.set('ledger by name', new Ledger('settings'));

app.use((req, res, next) => {
  req.books = new Ledger('request');
  next();
});

app.get('/', async (req, res) => {
  const { books } = req;
  await books.read('a');
  await req.app.locals.ledger.read('b');
  res.json(await req.app.get('ledger by name').read('c'));
});

exports.handler = serverless(app);
