import os

import boto3
from langchain.agents import AgentExecutor, create_tool_calling_agent
from langchain_aws import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse
from langchain_aws.retrievers import AmazonKnowledgeBasesRetriever
from langchain_community.chat_message_histories import DynamoDBChatMessageHistory
from langchain_community.document_loaders import S3DirectoryLoader, S3FileLoader
from langchain_community.vectorstores import FAISS
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from pydantic import BaseModel


class Answer(BaseModel):
    text: str


llm = ChatBedrock(model_id=os.environ["MODEL"], client=boto3.client("bedrock-runtime"), model_kwargs={"temperature": 0})
streaming = ChatBedrock(model="m-1", streaming=True)
converse = ChatBedrockConverse(model="m-2")
embeddings = BedrockEmbeddings(model_id="e-1")
chain = ChatPromptTemplate.from_template("{topic}") | converse | StrOutputParser()
retriever = AmazonKnowledgeBasesRetriever(knowledge_base_id=os.environ["BASE"], retrieval_config={})


def handler(event, context):
    llm.invoke("hello")  #? bedrock-runtime.InvokeModel modelId=env:MODEL
    for part in llm.stream("hello"):  #? bedrock-runtime.InvokeModelWithResponseStream modelId=env:MODEL
        print(part)
    streaming.invoke("hello")  #? bedrock-runtime.InvokeModelWithResponseStream modelId=m-1
    llm.with_structured_output(Answer).invoke("hello")  #? bedrock-runtime.InvokeModel modelId=env:MODEL
    converse.bind_tools([]).invoke("hello")  #? bedrock-runtime.Converse modelId=m-2
    chain.invoke({"topic": event["topic"]})  #? bedrock-runtime.Converse modelId=m-2 & bedrock-runtime.ConverseStream modelId=m-2
    embeddings.embed_query(event["topic"])  #? bedrock-runtime.InvokeModel modelId=e-1
    FAISS.from_documents(S3FileLoader("docs", event["key"]).load(), embeddings)  #? s3.GetObject Bucket=docs Key=? & bedrock-runtime.InvokeModel modelId=e-1
    S3DirectoryLoader("docs", prefix="in/").load()  #? s3.ListObjects Bucket=docs & s3.GetObject Bucket=docs Key=in/?
    retriever.invoke(event["topic"])  #? bedrock-agent-runtime.Retrieve knowledgeBaseId=env:BASE
    history = DynamoDBChatMessageHistory(table_name=os.environ["HISTORY"], session_id="s")
    history.add_user_message("hi")  #? dynamodb.GetItem TableName=env:HISTORY & dynamodb.PutItem TableName=env:HISTORY
    print(history.messages)  #? dynamodb.GetItem TableName=env:HISTORY
    agent = AgentExecutor(agent=create_tool_calling_agent(ChatBedrockConverse(model="m-3"), [], None), tools=[])  #? bedrock-runtime.Converse modelId=m-3 & bedrock-runtime.ConverseStream modelId=m-3
    return agent.invoke({"input": "x"})
