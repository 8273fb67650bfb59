const Koa = require('koa');
const serverless = require('serverless-http');
const { Ledger } = require('./ledger');

const app = new Koa();
app.use(async (context, next) => {
  context.state.journal = new Ledger('state');
  await next();
});
app.use(async (context) => {
  context.body = await context.state.journal.read('d');
});

exports.handler = serverless(app.callback());
