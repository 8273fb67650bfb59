import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

import type { Alarm } from '@core/types';

export class TopicAlarm implements Alarm {
  #client: SNSClient;
  #topic: string;

  constructor(client: SNSClient, topic: string) {
    this.#client = client;
    this.#topic = topic;
  }

  raise = async (message: string): Promise<void> => {
    const command = new PublishCommand({ TopicArn: this.#topic, Subject: 'Delivery', Message: message });
    await this.#client.send(command);
  };
}
