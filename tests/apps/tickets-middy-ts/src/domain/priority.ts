import { Ticket } from './ticket';

const URGENT = /\b(down|outage|fire)\b/i;

export const priorityOf = (text: string): Ticket['priority'] => (URGENT.test(text) ? 'high' : 'low');
