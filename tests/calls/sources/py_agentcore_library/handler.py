import os

from bedrock_agentcore.memory import MemoryClient
from bedrock_agentcore.runtime import BedrockAgentCoreApp

app = BedrockAgentCoreApp()
memory = MemoryClient(region_name="us-east-1")


@app.entrypoint
def invoke(payload):
    return memory.retrieve_memories(memory_id=os.environ["MEMORY"], namespace="/", query="q")  #? bedrock-agentcore.RetrieveMemoryRecords memoryId=env:MEMORY


def handler(event, context):
    memory.create_event(os.environ["MEMORY"], "actor", "session", [])  #? bedrock-agentcore.CreateEvent memoryId=env:MEMORY
    return app.handle(event)
