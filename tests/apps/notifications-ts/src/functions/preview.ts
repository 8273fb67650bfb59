import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import type { Letter } from '@core/types';
import { Renderer } from '@services/Renderer';

export const main = async (event: APIGatewayProxyEventV2) => {
  const renderer = new Renderer();
  await renderer.send([JSON.parse(event.body ?? '{}') as Letter]);
  return { statusCode: 200, headers: { 'content-type': 'text/html' }, body: renderer.shown.join('\n') };
};
