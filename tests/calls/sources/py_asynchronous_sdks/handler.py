import asyncio
from contextlib import AsyncExitStack

import aioboto3
from aiobotocore.session import get_session

session = aioboto3.Session(region_name="eu-west-1")


async def with_clients():
    async with session.client("s3") as s3:
        await s3.put_object(Bucket="b", Key="k", Body=b"x")  #? s3.PutObject Bucket=b Key=k $region=eu-west-1
        await s3.upload_fileobj(None, "b", "up")  #? s3.PutObject Bucket=b Key=up
        async for page in s3.get_paginator("list_objects_v2").paginate(Bucket="b"):  #? s3.ListObjectsV2 Bucket=b
            print(page)
        waiter = s3.get_waiter("object_exists")
        await waiter.wait(Bucket="b", Key="w")  #? s3.HeadObject Bucket=b Key=w
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table("t")
        await table.put_item(Item={})  #? dynamodb.PutItem TableName=t
        async with table.batch_writer() as batch:
            await batch.put_item(Item={})  #? dynamodb.BatchWriteItem


async def core():
    async with get_session().create_client("sqs") as sqs:
        tasks = [sqs.send_message(QueueUrl="q", MessageBody=str(n)) for n in range(3)]  #? sqs.SendMessage QueueUrl=q
        await asyncio.gather(*tasks)
    async with AsyncExitStack() as stack:
        sns = await stack.enter_async_context(get_session().create_client("sns"))
        await sns.publish(TopicArn="t", Message="m")  #? sns.Publish TopicArn=t


async def main():
    await asyncio.gather(with_clients(), core())


def handler(event, context):
    asyncio.get_event_loop().run_until_complete(main())
