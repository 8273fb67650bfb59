import boto3
from anthropic import Anthropic
from langchain.chains import LLMChain
from openai import OpenAI

openai = OpenAI()
claude = Anthropic()


def handler(event, context):
    openai.chat.completions.create(model="m", messages=[])
    openai.converse(modelId="m", messages=[])
    openai.files.delete("f")
    claude.messages.create(model="m", max_tokens=1, messages=[])
    claude.invoke_model(modelId="m", body="x")
    chain = LLMChain(llm=openai, prompt="p")
    chain.invoke({"question": "x"})
    return chain.retrieve(knowledgeBaseId="K", retrievalQuery={}), boto3.__version__
