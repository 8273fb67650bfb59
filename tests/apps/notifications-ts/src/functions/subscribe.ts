import type { APIGatewayProxyHandlerV2 } from 'aws-lambda';

import { subscribers } from '@core/container';
import type { Subscriber } from '@core/types';

export const main: APIGatewayProxyHandlerV2 = async (event) => {
  const id = event.pathParameters?.id as string;
  const wish = JSON.parse(event.body ?? '{}') as Omit<Subscriber, 'id'>;
  const subscriber = await subscribers.subscribe({ ...wish, id });
  return { statusCode: 200, body: JSON.stringify(subscriber) };
};
