const AWSXRay = require('aws-xray-sdk-core');
const AWS = AWSXRay.captureAWS(require('aws-sdk'));
const { SNS, DynamoDB: { DocumentClient }, config } = require('aws-sdk');
const SQS = require('aws-sdk/clients/sqs');
const { promisify } = require('util');

AWS.config.update({ region: 'eu-west-1' });
AWS.config.apiVersions = { s3: '2006-03-01' };
config.logger = console;

const s3 = new AWS.S3({ apiVersion: '2006-03-01', params: { Bucket: process.env.BUCKET } });
const sns = new SNS({ apiVersion: '2010-03-31' });
const sqs = AWSXRay.captureAWSClient(new SQS());
const documents = new DocumentClient({ service: new AWS.DynamoDB({ params: { TableName: 'bound' } }) });
const lambda = new AWS['Lambda']();
const services = { states: new AWS.StepFunctions(), kms: new AWS.KMS() };

const callbacks = (done) => {
  s3.getObject({ Key: 'k' }, (error, data) => { //? s3.GetObject Bucket=env:BUCKET Key=k
    s3.putObject({ Key: 'next', Body: data.Body }, done); //? s3.PutObject Bucket=env:BUCKET Key=next
  });
  s3.listObjectsV2({ Prefix: 'in/' }).eachPage((error, page) => { //? s3.ListObjectsV2 Bucket=env:BUCKET Prefix=in/
    page && s3.deleteObjects({ Delete: { Objects: page.Contents } }).send(); //? s3.DeleteObjects Bucket=env:BUCKET
    return true;
  });
  const request = sns.publish({ TopicArn: 't', Message: 'm' }); //? sns.Publish TopicArn=t
  request.on('success', () => sqs.deleteMessage({ QueueUrl: 'q', ReceiptHandle: 'h' }).promise()); //? sqs.DeleteMessage QueueUrl=q
  request.send();
};

exports.handler = async (event) => {
  callbacks(() => undefined);
  await s3.upload({ Key: 'up', Body: 'x' }).on('httpUploadProgress', () => undefined).promise(); //? s3.PutObject Bucket=env:BUCKET Key=up
  await s3.headObject({ Key: 'k' }).promise().catch(() => s3.createBucket({ Bucket: 'b' }).promise()); //? s3.HeadObject Key=k & s3.CreateBucket Bucket=b
  s3.getSignedUrl('putObject', { Key: 'signed' }); //? s3.PutObject Bucket=env:BUCKET Key=signed
  await s3.getSignedUrlPromise('getObject', { Bucket: 'b', Key: 'signed' }); //? s3.GetObject Bucket=b Key=signed
  s3.createPresignedPost({ Bucket: 'b', Fields: { key: 'posted' } }); //? s3.PutObject Bucket=b Key=posted
  await s3.waitFor('objectExists', { Key: 'k' }).promise(); //? s3.HeadObject Bucket=env:BUCKET Key=k
  s3.getObject({ Key: 'streamed' }).createReadStream().pipe(process.stdout); //? s3.GetObject Bucket=env:BUCKET Key=streamed
  await new AWS.S3.ManagedUpload({ params: { Bucket: 'managed', Key: 'k', Body: 'x' } }).promise(); //? s3.PutObject Bucket=managed Key=k
  await documents.put({ Item: {} }).promise(); //? dynamodb.PutItem TableName=bound
  await documents.transactWrite({ TransactItems: [{ Update: { TableName: 't' } }] }).promise(); //? dynamodb.TransactWriteItems
  await promisify(documents.get).bind(documents)({ TableName: 'p', Key: {} }); //? dynamodb.GetItem TableName=p
  await promisify(sqs.sendMessage.bind(sqs))({ QueueUrl: 'q', MessageBody: 'm' }); //? sqs.SendMessage QueueUrl=q
  await lambda.invoke({ FunctionName: `${process.env.STAGE}-next`, Payload: '{}' }).promise(); //? lambda.Invoke FunctionName=env:STAGE-next
  await services.states.startExecution({ stateMachineArn: process.env.MACHINE }).promise(); //? stepfunctions.StartExecution stateMachineArn=env:MACHINE
  const action = event.encrypt ? 'encrypt' : 'decrypt';
  await services.kms[action]({ KeyId: 'alias/k' }).promise(); //? kms.Encrypt KeyId=alias/k & kms.Decrypt KeyId=alias/k
  await lambda.makeRequest('getFunction', { FunctionName: 'f' }).promise(); //? lambda.GetFunction FunctionName=f
  const { SecretsManager: Secrets } = AWS;
  await new Secrets({}).getSecretValue({ SecretId: 'db' }).promise(); //? secretsmanager.GetSecretValue SecretId=db
  await new AWS.ApiGatewayManagementApi({ endpoint: process.env.ENDPOINT }).postToConnection({ ConnectionId: 'c' }).promise(); //? apigatewaymanagementapi.PostToConnection $endpoint=env:ENDPOINT
  return new AWS.Polly.Presigner().getSynthesizeSpeechUrl({ Text: 't', VoiceId: 'v' }); //? polly.SynthesizeSpeech VoiceId=v
};
