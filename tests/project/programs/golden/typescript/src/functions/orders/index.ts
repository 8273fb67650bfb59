import { handlerPath } from '@libs/handler-path';
import schema from './schema';

export default {
  handler: `${handlerPath(__dirname)}/handler.main`,
  events: [{ http: { method: 'post', path: 'orders', request: { schemas: { 'application/json': schema } } } }],
};
