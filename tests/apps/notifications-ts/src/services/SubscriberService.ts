import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

import type { Mailbox, Subscriber } from '@core/types';
import { BaseService } from './BaseService';

export class SubscriberService extends BaseService<Subscriber> {
  constructor(documents: DynamoDBDocumentClient, table: string, private readonly mailbox: Mailbox) {
    super(documents, table);
  }

  subscribe(subscriber: Subscriber): Promise<Subscriber> {
    return this.keep(subscriber);
  }

  unsubscribe(id: string): Promise<void> {
    return this.drop(id);
  }

  async announce(topic: string, text: string): Promise<number> {
    const found = await this.documents.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: 'topic',
        KeyConditionExpression: 'topic = :topic',
        ExpressionAttributeValues: { ':topic': topic },
      }),
    );
    const readers = (found.Items ?? []) as Subscriber[];
    await this.mailbox.send(readers.map((reader) => ({ to: reader.address, subject: topic, text })));
    return readers.length;
  }
}
