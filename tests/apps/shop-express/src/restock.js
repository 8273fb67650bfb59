import { unmarshall } from '@aws-sdk/util-dynamodb';

import { take } from './stores/products.js';

export const handler = async (event) => {
  for (const record of event.Records) {
    if (record.eventName !== 'INSERT') continue;
    const order = unmarshall(record.dynamodb.NewImage);
    await take(order.sku, order.count);
  }
};
