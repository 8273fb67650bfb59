import { SNSClient, ListTopicsCommand, ListSubscriptionsCommand } from '@aws-sdk/client-sns';

export default class {
  run() {
    return new SNSClient().send(new ListTopicsCommand({})); //? sns.ListTopics
  }
}

export { lists as helper };

function lists() {
  return new SNSClient().send(new ListSubscriptionsCommand({})); //? sns.ListSubscriptions
}
