"""Other vendors' models, and one of Bedrock's that is only made."""

from langchain_aws import ChatBedrock
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

llm = ChatOpenAI(model="m")
made = ChatBedrock(model_id="m")


def handler(event, context):
    OpenAIEmbeddings().embed_query("q")
    return llm.invoke(event["prompt"])
