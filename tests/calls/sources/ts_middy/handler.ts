import middy from '@middy/core';
import type { MiddlewareObj, Request } from '@middy/core';
import appConfig from '@middy/appconfig';
import httpErrorHandler from '@middy/http-error-handler';
import jsonBodyParser from '@middy/http-json-body-parser';
import rdsSigner from '@middy/rds-signer';
import s3 from '@middy/s3';
import secretsManager, { secret } from '@middy/secrets-manager';
import ssm from '@middy/ssm';
import sts from '@middy/sts';
import dynamodb from '@middy/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { audited } from './audit';

const documents = (): MiddlewareObj => ({
  before: async (request: Request) => {
    Object.assign(request.context, { documents: DynamoDBDocumentClient.from(new DynamoDBClient({})) });
  },
});

const main = async (event: { body: unknown }, context: { documents: DynamoDBDocumentClient; table: string }) => {
  await context.documents.send(new PutCommand({ TableName: process.env.ORDERS, Item: { id: '1', body: event.body } })); //? dynamodb.PutItem TableName=env:ORDERS
  return { statusCode: 200 };
};

export const handler = middy(main)
  .use(jsonBodyParser())
  .use(
    ssm({ //? ssm.GetParameters WithDecryption=True & ssm.GetParametersByPath Path=/shop/all/
      fetchData: { token: `/shop/${process.env.STAGE}/token`, all: '/shop/all/' },
      setToContext: true,
    })
  )
  .use([
    secretsManager({ fetchData: { key: secret(process.env.KEY as string) } }), //? secretsmanager.GetSecretValue SecretId=env:KEY
    s3({ fetchData: { rules: { Bucket: process.env.RULES, Key: 'rules.json' } } }), //? s3.GetObject Bucket=env:RULES Key=rules.json
    appConfig({ fetchData: { flags: { ApplicationIdentifier: 'shop', ConfigurationProfileIdentifier: 'flags', EnvironmentIdentifier: 'prod' } } }), //? appconfigdata.StartConfigurationSession ApplicationIdentifier=shop & appconfigdata.GetLatestConfiguration
  ])
  .use(sts({ fetchData: { partner: { RoleArn: process.env.ROLE } } })) //? sts.AssumeRole RoleArn=env:ROLE
  .use(dynamodb({ awsClientAssumeRole: 'partner', fetchData: { row: { TableName: 'partners', Key: { id: '1' } } } })) //? dynamodb.GetItem TableName=partners
  .use(rdsSigner({ fetchData: { password: { hostname: process.env.HOST, username: 'app', port: 5432 } } })) //? rds-db.connect DBHostname=env:HOST DBUsername=app
  .use(documents())
  .use(audited(process.env.TOPIC as string))
  .use(httpErrorHandler());

export const unused = middy(main).use(ssm({ fetchData: { other: '/never' } }));
