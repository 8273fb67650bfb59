import typing

import boto3

s3 = boto3.client("s3")


def store(body, mode="memory"):
    if mode == "s3":
        s3.put_object(Bucket="b", Key="k", Body=body)
    elif mode == "memory":
        return body
    else:
        s3.delete_object(Bucket="b", Key="k")


def seed(table, really):
    if not really:
        return
    boto3.resource("dynamodb").Table(table).put_item(Item={})


def handler(event, context):
    debug = False
    if False:
        s3.get_object(Bucket="b", Key="k")
    if typing.TYPE_CHECKING:
        s3.head_object(Bucket="b", Key="k")
    if debug:
        s3.list_buckets()
    if __name__ == "__main__":
        s3.create_bucket(Bucket="b")
    seed("t", False)
    return store(event)
    s3.copy_object(Bucket="b", Key="k", CopySource="c/k")
