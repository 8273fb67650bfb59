import boto3
from minio import Minio

client = Minio("minio:9000", access_key="a", secret_key="b")


def handler(event, context):
    client.put_object("b", "k", event["body"], 3)
    client.get_object("b", "k")
    client.copy_object("b", "k", "/c/k")
    client.list_objects("b", prefix="p")
    client.list_buckets()
    client.remove_object("b", "k")
    client.presigned_get_object("b", "k")
    client.fput_object("b", "k", "/tmp/x")
    return boto3.DEFAULT_SESSION
