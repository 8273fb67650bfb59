import { ticketsOf } from '../adapters';
import { http } from '../middleware';

const listMine = async (event: any) => {
  const tickets = await ticketsOf(event.queryStringParameters.reporter);
  return { statusCode: 200, body: JSON.stringify(tickets) };
};

export const handler = http(listMine);
