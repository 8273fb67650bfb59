import asyncio

import boto3

sns = boto3.client("sns")


async def publish(topic):
    sns.publish(TopicArn=topic, Message="x")  #? sns.Publish TopicArn=a|b


async def topics():
    for name in ("a", "b"):
        yield name


async def main():
    await asyncio.gather(*[publish(name) async for name in topics()])


def run(event):
    asyncio.get_event_loop().run_until_complete(main())
