import { Agent, BedrockModel } from '@strands-agents/sdk';
import { OpenAIModel } from '@strands-agents/sdk/openai';

const agent = new Agent({ model: new BedrockModel({ modelId: process.env.MODEL }), tools: [] });
const plain = new Agent();
const other = new Agent({ model: new OpenAIModel({ modelId: 'm' }) });

export const handler = async (event: { prompt: string }) => {
  await agent.invoke(event.prompt); //? bedrock-runtime.ConverseStream modelId=env:MODEL
  for await (const part of plain.stream(event.prompt)) { //? bedrock-runtime.ConverseStream modelId=?
    console.log(part);
  }
  return other.invoke(event.prompt);
};
