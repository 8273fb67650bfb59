"""An agent with another vendor's model, one that is never asked, and somebody else's Agent."""

from agents import Agent as Other
from strands import Agent
from strands.models.anthropic import AnthropicModel

never = Agent()


def ask(agent: Agent, prompt: str):
    return agent(prompt)


def handler(event, context):
    ask(event["agent"], "x")
    Agent(model=AnthropicModel(model_id="m"))(event["prompt"])
    return Other(model="m")(event["prompt"])
