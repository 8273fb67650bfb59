import middy from '@middy/core';

import { Escalation, parameters } from '../adapters';
import { Ticket } from '../domain';

const base = async (event: { detail: Ticket }) => {
  const wanted = await parameters('escalate-from');
  if (event.detail.priority !== wanted) {
    return 'left alone';
  }
  return Escalation.start(event.detail);
};

export const handler = middy(base);
