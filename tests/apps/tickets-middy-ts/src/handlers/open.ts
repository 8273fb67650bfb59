import { randomUUID } from 'crypto';

import { announce, saveTicket } from '../adapters';
import { priorityOf, Ticket } from '../domain';
import { http } from '../middleware';

export const handler = http(async (event) => {
  const { reporter, text } = event.body;
  const ticket: Ticket = { id: randomUUID(), reporter, text, priority: priorityOf(text) };
  await saveTicket(ticket);
  await announce('opened', ticket);
  return { statusCode: 201, body: JSON.stringify(ticket) };
});
