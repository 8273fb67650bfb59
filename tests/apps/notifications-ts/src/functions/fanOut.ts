import type { SNSEvent } from 'aws-lambda';

import { subscribers } from '@core/container';

export async function main(event: SNSEvent): Promise<number> {
  let reached = 0;
  for (const record of event.Records) {
    const { Subject, Message } = record.Sns;
    reached += await subscribers.announce(Subject ?? 'general', Message);
  }
  return reached;
}
