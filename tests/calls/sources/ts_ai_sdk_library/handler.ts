import { bedrock, createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { openai } from '@ai-sdk/openai';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { embed, generateText, streamText, tool } from 'ai';

const dynamo = new DynamoDBClient({});
const provider = createAmazonBedrock({ region: 'us-east-1' });
const find = tool({
  description: 'finds an order',
  execute: async ({ id }: { id: string }) => dynamo.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: id } } })), //? dynamodb.GetItem TableName=orders
});

export const handler = async (event: { prompt: string }) => {
  await generateText({ model: bedrock(process.env.MODEL as string), prompt: event.prompt, tools: { find } }); //? bedrock-runtime.Converse modelId=env:MODEL
  streamText({ model: provider('m-1'), prompt: event.prompt }); //? bedrock-runtime.ConverseStream modelId=m-1
  await embed({ model: bedrock.embedding('e-1'), value: event.prompt }); //? bedrock-runtime.InvokeModel modelId=e-1
  return generateText({ model: openai('m-2'), prompt: event.prompt });
};
