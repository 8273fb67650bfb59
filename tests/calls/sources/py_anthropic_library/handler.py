import os

from anthropic import Anthropic, AnthropicBedrock

bedrock = AnthropicBedrock(aws_region="us-east-1")
direct = Anthropic()
keyed = AnthropicBedrock(api_key=os.environ["BEDROCK_KEY"])


def handler(event, context):
    bedrock.messages.create(model=os.environ["MODEL"], max_tokens=10, messages=[])  #? bedrock-runtime.InvokeModel modelId=env:MODEL
    bedrock.messages.create(model="m-1", max_tokens=10, messages=[], stream=True)  #? bedrock-runtime.InvokeModelWithResponseStream modelId=m-1
    with bedrock.messages.stream(model="m-2", max_tokens=10, messages=[]) as stream:  #? bedrock-runtime.InvokeModelWithResponseStream modelId=m-2
        print(stream)
    return direct.messages.create(model="m-3", max_tokens=10, messages=[])
