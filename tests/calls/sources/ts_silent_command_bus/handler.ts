import { CommandBus, EventBus, QueryBus } from '@nestjs/cqrs';
import { S3Client } from '@aws-sdk/client-s3';

class PutObjectCommand {
  constructor(readonly Bucket: string, readonly Key: string) {}
}

class GetItemQuery {
  constructor(readonly id: string) {}
}

class Mediator {
  handlers = new Map<string, (message: object) => unknown>();

  send(message: object) {
    return this.handlers.get(message.constructor.name)?.(message);
  }
}

const commands = new CommandBus();
const queries = new QueryBus();
const events = new EventBus();
const mediator = new Mediator();

export const handler = async () => {
  await commands.execute(new PutObjectCommand('b', 'k'));
  await queries.execute(new GetItemQuery('1'));
  events.publish({ TopicArn: 't' });
  return mediator.send(new PutObjectCommand('b', S3Client.name));
};
