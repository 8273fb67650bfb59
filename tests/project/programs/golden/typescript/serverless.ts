// The layout of the framework's own TypeScript template, with what projects add to it over time.
import type { AWS } from '@serverless/typescript';
import { Stage, tableName, type Settings } from './config';
import * as functions from '@functions/index';
import tables from './config/tables';
import packageJson from './package.json';

const settings: Settings = {
  stage: (process.env.STAGE_NAME ?? 'dev') as Stage,
  memory: process.env.MEMORY ? Number(process.env.MEMORY) : 256,
};
const isProduction = settings.stage === Stage.Production;

const serverlessConfiguration = {
  service: packageJson.name.replace('@acme/', ''),
  frameworkVersion: '3',
  configValidationMode: 'error',
  plugins: ['serverless-esbuild', ...(isProduction ? ['serverless-domain-manager'] : [])],
  provider: {
    name: 'aws',
    runtime: 'nodejs20.x',
    stage: settings.stage,
    region: <const>'eu-west-1',
    memorySize: settings.memory!,
    environment: {
      ORDERS_TABLE: tableName('orders', settings.stage),
      SELF: '${self:service}-${sls:stage}',
      LOG_LEVEL: isProduction ? 'warn' : "debug",
    },
    iam: {
      role: {
        statements: Object.values(tables).map(({ arn }) => ({
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
          Resource: [arn, { 'Fn::Join': ['/', [arn, 'index', '*']] }],
        })),
      },
    },
  },
  functions: { ...functions },
  custom: { esbuild: { bundle: true, define: { 'require.resolve': undefined } }, timeout: 15 * 60 },
  resources: { Resources: Object.fromEntries(Object.entries(tables).map(([id, { resource }]) => [id, resource])) },
} satisfies Partial<AWS> as unknown;

module.exports = serverlessConfiguration;
