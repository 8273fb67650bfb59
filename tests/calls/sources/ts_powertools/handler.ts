import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { AppConfigProvider, getAppConfig } from '@aws-lambda-powertools/parameters/appconfig';
import { DynamoDBProvider } from '@aws-lambda-powertools/parameters/dynamodb';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { getParameter, getParametersByName, SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';

const logger = new Logger();
const tracer = new Tracer({ serviceName: 'shop' });
const s3 = tracer.captureAWSv3Client(new S3Client({}));
const parameters = new SSMProvider();
const flags = new AppConfigProvider({ application: 'shop', environment: 'prod' });
const table = new DynamoDBProvider({ tableName: process.env.SETTINGS as string });

const main = async (event: { id: string }): Promise<void> => {
  logger.info('called');
  await getSecret(process.env.KEY as string); //? secretsmanager.GetSecretValue SecretId=env:KEY
  await getParameter('/shop/plain'); //? ssm.GetParameter Name=/shop/plain
  await parameters.getMultiple('/shop/all'); //? ssm.GetParametersByPath Path=/shop/all
  await getParametersByName({ '/a': {}, '/b': { decrypt: true } }); //? ssm.GetParameters & ssm.GetParameter Name=/b
  await getAppConfig('conf', { application: 'shop', environment: 'dev' }); //? appconfigdata.StartConfigurationSession EnvironmentIdentifier=dev & appconfigdata.GetLatestConfiguration
  await flags.get('flags'); //? appconfigdata.StartConfigurationSession ConfigurationProfileIdentifier=flags & appconfigdata.GetLatestConfiguration
  await table.get(event.id); //? dynamodb.GetItem TableName=env:SETTINGS
  await s3.send(new PutObjectCommand({ Bucket: 'traced', Key: event.id })); //? s3.PutObject Bucket=traced
};

export const handler = middy(main).use(captureLambdaHandler(tracer));
