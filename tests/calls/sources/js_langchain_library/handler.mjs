import { BedrockEmbeddings, ChatBedrockConverse, AmazonKnowledgeBaseRetriever } from '@langchain/aws';
import { BedrockChat } from '@langchain/community/chat_models/bedrock';
import { DynamoDBChatMessageHistory } from '@langchain/community/stores/message/dynamodb';
import { ChatOpenAI } from '@langchain/openai';

const model = new ChatBedrockConverse({ model: process.env.MODEL, region: 'us-east-1' });
const old = new BedrockChat({ model: 'm-1' });
const embeddings = new BedrockEmbeddings({ model: 'e-1' });
const retriever = new AmazonKnowledgeBaseRetriever({ knowledgeBaseId: process.env.BASE, topK: 3 });
const other = new ChatOpenAI({ model: 'm' });

export const handler = async (event) => {
  await model.invoke('hello'); //? bedrock-runtime.Converse modelId=env:MODEL
  for await (const part of await model.bindTools([]).stream('hello')) { //? bedrock-runtime.ConverseStream modelId=env:MODEL
    console.log(part);
  }
  await old.invoke('hello'); //? bedrock-runtime.InvokeModel modelId=m-1
  await embeddings.embedDocuments(['a']); //? bedrock-runtime.InvokeModel modelId=e-1
  await retriever.invoke('q'); //? bedrock-agent-runtime.Retrieve knowledgeBaseId=env:BASE
  const history = new DynamoDBChatMessageHistory({ tableName: process.env.HISTORY, sessionId: event.id });
  await history.addMessage(event.message); //? dynamodb.UpdateItem TableName=env:HISTORY
  await history.getMessages(); //? dynamodb.GetItem TableName=env:HISTORY
  return other.invoke('hello');
};
