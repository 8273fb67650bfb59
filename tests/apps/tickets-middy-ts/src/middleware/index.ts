import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import jsonBodyParser from '@middy/http-json-body-parser';

/** What every HTTP handler is wrapped in. */
export const http = (handler: (event: any) => Promise<unknown>) =>
  middy(handler).use(jsonBodyParser()).use(httpErrorHandler());
