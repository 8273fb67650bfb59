import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const client = new SSMClient({});
const known = new Map<string, string>();

async function parameters(name: string): Promise<string> {
  const path = `/tickets/${process.env.STAGE}/${name}`;
  if (!known.has(path)) {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: path }));
    known.set(path, Parameter!.Value!);
  }
  return known.get(path)!;
}

export default parameters;
