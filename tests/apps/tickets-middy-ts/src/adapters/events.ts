import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

const bridge = new EventBridgeClient({});

export const announce = async (type: string, detail: object): Promise<void> => {
  const entry = { EventBusName: process.env.EVENT_BUS, Source: 'tickets', DetailType: type, Detail: JSON.stringify(detail) };
  await bridge.send(new PutEventsCommand({ Entries: [entry] }));
};

export class Escalation {
  private static machines = new SFNClient({});

  static async start(input: unknown): Promise<string | undefined> {
    const { executionArn } = await Escalation.machines.send(
      new StartExecutionCommand({ stateMachineArn: process.env.ESCALATION_ARN, input: JSON.stringify(input) }),
    );
    return executionArn;
  }
}
