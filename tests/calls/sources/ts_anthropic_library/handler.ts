import Anthropic from '@anthropic-ai/sdk';
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';

const bedrock = new AnthropicBedrock({ awsRegion: 'us-east-1' });
const direct = new Anthropic();

export const handler = async () => {
  await bedrock.messages.create({ model: process.env.MODEL as string, max_tokens: 9, messages: [] }); //? bedrock-runtime.InvokeModel modelId=env:MODEL
  await bedrock.messages.create({ model: 'm-1', max_tokens: 9, messages: [], stream: true }); //? bedrock-runtime.InvokeModelWithResponseStream modelId=m-1
  return direct.messages.create({ model: 'm-2', max_tokens: 9, messages: [] });
};
