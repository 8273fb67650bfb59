"""A library's objects in classes, as base classes, as types, in chains and graphs that nobody sees."""

import os

from langchain.chains import LLMChain
from langchain_aws import ChatBedrock, ChatBedrockConverse
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langgraph.graph import StateGraph
from langgraph.prebuilt import create_react_agent
from strands import Agent
from unseen_container import inject


class Conversation:
    def __init__(self):
        self.llm = ChatBedrock(model_id=os.getenv("MODEL"), region_name="us-east-1")
        self.chain = {"question": RunnablePassthrough()} | RunnableLambda(lambda x: x) | self.llm
        self.graph = self.build()

    def build(self):
        graph = StateGraph(dict)
        graph.add_node("answer", self.answer)
        return graph.compile()

    def answer(self, state):
        return self.llm.bind_tools([]).invoke(state["question"])  #? bedrock-runtime.InvokeModel modelId=env:MODEL

    def run(self):
        return self.chain.invoke("x"), self.graph.invoke({})  #? bedrock-runtime.InvokeModel modelId=env:MODEL & bedrock-runtime.InvokeModelWithResponseStream modelId=env:MODEL


class Assistant(Agent):
    def __init__(self):
        super().__init__(model="assistant", tools=[])

    def ask(self, question):
        return self(question)  #? bedrock-runtime.ConverseStream modelId=assistant

    def ask_for(self, shape, question):
        return self.structured_output(shape, question)  #? bedrock-runtime.ConverseStream modelId=assistant


def typed(llm: ChatBedrockConverse):
    return llm.invoke("x")  #? bedrock-runtime.Converse modelId=?


def made_from(settings):
    return ChatBedrock(**settings)


def handler(event, context):
    Conversation().run()
    Assistant().ask("q")
    Assistant().ask_for(dict, "q")
    typed(inject("llm"))
    made_from({"model_id": "settings", "model_kwargs": {}}).invoke("x")  #? bedrock-runtime.InvokeModel modelId=settings
    LLMChain(llm=ChatBedrock(model_id="held"), prompt=None).run("x")  #? bedrock-runtime.InvokeModel modelId=held & bedrock-runtime.InvokeModelWithResponseStream modelId=held
    return create_react_agent(ChatBedrockConverse(model="agent"), tools=[])  #? bedrock-runtime.Converse modelId=agent & bedrock-runtime.ConverseStream modelId=agent
