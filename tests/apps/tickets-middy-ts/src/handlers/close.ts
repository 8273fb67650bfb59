import { announce, removeTicket } from '../adapters';
import { http } from '../middleware';

export const handler = http(async (event) => {
  const { id } = event.pathParameters;
  const { reporter } = event.queryStringParameters;
  await removeTicket(reporter, id);
  await announce('closed', { id, reporter });
  return { statusCode: 204 };
});
