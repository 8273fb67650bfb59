const AWS = require('aws-sdk');

const sns = new AWS.SNS();

exports.handler = async (event, context) => {
  const [, partition, , region, account] = context.invokedFunctionArn.split(':');
  await sns.publish({ TopicArn: `arn:${partition}:sns:${region}:${account}:t`, Message: 'x' }).promise(); //? sns.Publish TopicArn=arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t
  const name = context.invokedFunctionArn.split(':')[6];
  await new AWS.Lambda().invoke({ FunctionName: `${name}-next` }).promise(); //? lambda.Invoke FunctionName=env:AWS_LAMBDA_FUNCTION_NAME-next
  const pieces = `in/${process.env.STAGE}/k`.split('/');
  await new AWS.S3().getObject({ Bucket: pieces[0], Key: pieces[2] }).promise(); //? s3.GetObject Bucket=in Key=?
};
