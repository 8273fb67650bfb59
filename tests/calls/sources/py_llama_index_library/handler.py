import os

from llama_index.core import Settings, VectorStoreIndex
from llama_index.core.llms import ChatMessage
from llama_index.embeddings.bedrock import BedrockEmbedding
from llama_index.llms.bedrock_converse import BedrockConverse
from llama_index.llms.openai import OpenAI
from llama_index.retrievers.bedrock import AmazonKnowledgeBasesRetriever

llm = BedrockConverse(model=os.environ["MODEL"], region_name="us-east-1")
retriever = AmazonKnowledgeBasesRetriever(knowledge_base_id="kb", retrieval_config={})


def handler(event, context):
    llm.chat([ChatMessage(role="user", content="x")])  #? bedrock-runtime.Converse modelId=env:MODEL
    llm.stream_complete("x")  #? bedrock-runtime.ConverseStream modelId=env:MODEL
    BedrockEmbedding(model_name="e-1").get_text_embedding("x")  #? bedrock-runtime.InvokeModel modelId=e-1
    retriever.retrieve("q")  #? bedrock-agent-runtime.Retrieve knowledgeBaseId=kb
    OpenAI(model="m").complete("x")
    return VectorStoreIndex.from_documents([]).as_query_engine(llm=llm).query("q")  #? bedrock-runtime.Converse modelId=env:MODEL & bedrock-runtime.ConverseStream modelId=env:MODEL
