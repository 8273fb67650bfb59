// An application's own classes of the same names and methods, and a consumer that nobody starts.
import { Consumer as Real } from 'sqs-consumer';
class Consumer {
  static create(options) {
    return new Consumer(options);
  }
  start() {
    return 1;
  }
}
class Producer {
  async send(messages) {
    return messages;
  }
}
Real.create({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', handleMessage: async () => {} });

export const handler = async (event) => {
  Consumer.create({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q' }).start();
  return new Producer().send(event.messages);
};
