import { Bedrock } from '@llamaindex/aws';
import { OpenAI } from '@llamaindex/openai';

const model = new Bedrock({ model: process.env.MODEL });
const other = new OpenAI({ model: 'm' });

export const handler = async (event) => {
  await model.chat({ messages: [] }); //? bedrock-runtime.InvokeModel modelId=env:MODEL
  await model.chat({ messages: [], stream: true }); //? bedrock-runtime.InvokeModelWithResponseStream modelId=env:MODEL
  return other.chat({ messages: [] });
};
