let queue;
const load = async () => {
  queue = queue || new (await import('@aws-sdk/client-sqs')).SQS({});
  return queue;
};

exports.run = async () => {
  const sqs = await load();
  await sqs.sendMessage({ QueueUrl: process.env.LAZY, MessageBody: 'x' }); //? sqs.SendMessage QueueUrl=env:LAZY
};
