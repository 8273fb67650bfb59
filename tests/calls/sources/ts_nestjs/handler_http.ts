import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Handler } from 'aws-lambda';
import serverlessExpress from '@codegenie/serverless-express';
import { StockModule } from './stock.module';

let server: Handler;

async function bootstrap(): Promise<Handler> {
  const app = await NestFactory.create(StockModule);
  app.enableCors();
  await app.init();
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() });
}

export const handler: Handler = async (event, context, callback) => {
  server = server ?? (await bootstrap());
  return server(event, context, callback);
};
