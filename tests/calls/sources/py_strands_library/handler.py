import os

import boto3
from strands import Agent, tool
from strands.models import BedrockModel
from strands_tools import calculator, retrieve
from strands.session.s3_session_manager import S3SessionManager

table = boto3.resource("dynamodb").Table(os.environ["WEATHER"])


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return table.get_item(Key={"city": city})["Item"]["text"]  #? dynamodb.GetItem TableName=env:WEATHER


model = BedrockModel(model_id=os.environ["MODEL"], region_name="us-west-2")
plain = Agent(system_prompt="be brief", tools=[weather, calculator])
searching = Agent("m-3", tools=[retrieve])


def handler(event, context):
    agent = Agent(model=model, session_manager=S3SessionManager("s", bucket=os.environ["SESSIONS"]))  #? s3.GetObject Bucket=env:SESSIONS & s3.HeadObject Bucket=env:SESSIONS & s3.PutObject Bucket=env:SESSIONS & s3.ListObjectsV2 Bucket=env:SESSIONS
    agent(event["prompt"])  #? bedrock-runtime.ConverseStream modelId=env:MODEL $region=us-west-2
    plain(event["prompt"])  #? bedrock-runtime.ConverseStream modelId=?
    Agent("m-1").structured_output(dict, "x")  #? bedrock-runtime.ConverseStream modelId=m-1
    searching(event["prompt"])  #? bedrock-runtime.ConverseStream modelId=m-3 & bedrock-agent-runtime.Retrieve knowledgeBaseId=env:KNOWLEDGE_BASE_ID
    whole = Agent(model=BedrockModel(model_id="m-2", streaming=False))
    return str(whole(event["prompt"]))  #? bedrock-runtime.Converse modelId=m-2
