import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';

const lambda = new LambdaClient({});

export const handler = async (): Promise<APIGatewayProxyResultV2> => {
  const command = new InvokeCommand({
    FunctionName: process.env.COLLECT_FUNCTION,
    InvocationType: InvocationType.Event,
  });
  const { StatusCode } = await lambda.send(command);
  return { statusCode: StatusCode ?? 202 };
};
