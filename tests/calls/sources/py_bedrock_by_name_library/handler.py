"""Libraries for many vendors' models: a name says whose it is."""

import os

import boto3
from litellm import completion, embedding
from pydantic_ai import Agent, RunContext
from pydantic_ai.models.bedrock import BedrockConverseModel

orders = boto3.resource("dynamodb").Table("orders")
agent = Agent("bedrock:m-1", system_prompt="be brief")
other = Agent("openai:m-2")


@agent.tool(retries=2)
def find(context: RunContext, id: str):
    return orders.get_item(Key={"id": id})  #? dynamodb.GetItem TableName=orders


@other.tool
def forget(context: RunContext, id: str):
    orders.delete_item(Key={"id": id})  #? dynamodb.DeleteItem TableName=orders


def handler(event, context):
    agent.run_sync(event["question"])  #? bedrock-runtime.Converse modelId=m-1
    Agent(BedrockConverseModel(os.environ["MODEL"])).run_stream("x")  #? bedrock-runtime.ConverseStream modelId=env:MODEL
    other.run_sync("x")
    completion(model="bedrock/converse/m-3", messages=[])  #? bedrock-runtime.InvokeModel modelId=m-3
    completion(model="bedrock/m-4", messages=[], stream=True)  #? bedrock-runtime.InvokeModelWithResponseStream modelId=m-4
    embedding(model="bedrock/e-1", input=["x"])  #? bedrock-runtime.InvokeModel modelId=e-1
    return completion(model="gpt-5", messages=[])
