interface Sends {
  send(command: unknown): Promise<unknown>;
}

export async function send(client: Sends, command: unknown) {
  const bound = client.send.bind(client);
  return bound(command); //? sns.Publish TopicArn=env:TOPIC
}

export class Sender<C extends Sends> {
  constructor(private readonly client: C) {}

  async send<I, K extends new (input: I) => object>(kind: K, input: I) {
    return this.client.send(new kind(input)); //? stepfunctions.StartExecution stateMachineArn=env:MACHINE
  }
}

export const timed = async <T>(name: string, body: () => Promise<T>): Promise<T> => {
  console.time(name);
  try {
    return await body();
  } finally {
    console.timeEnd(name);
  }
};
