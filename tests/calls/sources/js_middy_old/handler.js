const middy = require('middy');
const { ssm, secretsManager, jsonBodyParser, doNotWaitForEmptyEventLoop } = require('middy/middlewares');
const AWS = require('aws-sdk');

const sqs = new AWS.SQS();

const queued = (queue) => ({
  before: (handler, next) => {
    handler.context.queue = queue;
    next();
  },
  after: (handler, next) => {
    sqs.sendMessage({ QueueUrl: queue, MessageBody: JSON.stringify(handler.response) }, next); //? sqs.SendMessage QueueUrl=env:DONE
  },
});

const main = (event, context, callback) => {
  sqs.deleteMessage({ QueueUrl: context.queue, ReceiptHandle: event.receipt }, callback); //? sqs.DeleteMessage QueueUrl=env:DONE
};

module.exports.handler = middy(main)
  .use(doNotWaitForEmptyEventLoop())
  .use(jsonBodyParser())
  .use(ssm({ cache: true, paths: { SHOP: '/shop' }, names: { TOKEN: '/shop/token' } })) //? ssm.GetParametersByPath Path=/shop & ssm.GetParameters
  .use(secretsManager({ secrets: { DB: process.env.SECRET } })) //? secretsmanager.GetSecretValue SecretId=env:SECRET
  .use(queued(process.env.DONE));
