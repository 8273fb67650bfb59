import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { alarm } from '@core/container';
import type { Letter } from '@core/types';

const GATEWAY = 'https://letters.example.com/v1/messages';

async function deliver(record: SQSRecord): Promise<void> {
  const letter: Letter = JSON.parse(record.body);
  const response = await fetch(GATEWAY, { method: 'POST', body: JSON.stringify(letter) });
  if (!response.ok) {
    throw new Error(`${letter.to}: ${response.status}`);
  }
}

export const main = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const results = await Promise.allSettled(event.Records.map(deliver));
  const failed = event.Records.filter((_, index) => results[index].status === 'rejected');
  if (failed.length > 0) {
    await alarm.raise(`${failed.length} letters could not be delivered`);
  }
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
};
