const { promisify } = require('node:util');
const { Lambda } = require('aws-sdk');
const lambda = new Lambda();
const invoke = promisify(lambda.invoke).bind(lambda);

exports.run = async () => {
  await invoke({ FunctionName: 'promised' }); //? lambda.Invoke FunctionName=promised
};
