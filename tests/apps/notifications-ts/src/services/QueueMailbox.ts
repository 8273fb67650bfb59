import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';

import type { Letter, Mailbox } from '@core/types';

const BATCH = 10;

export class QueueMailbox implements Mailbox {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async send(letters: Letter[]): Promise<void> {
    for (let start = 0; start < letters.length; start += BATCH) {
      const Entries = letters.slice(start, start + BATCH).map((letter, index) => ({
        Id: String(start + index),
        MessageBody: JSON.stringify(letter),
      }));
      await this.client.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }
}
