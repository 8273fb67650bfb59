import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3", config=Config(retries={"max_attempts": 3}))
dynamodb = boto3.resource("dynamodb")
SETTINGS = TransferConfig(multipart_threshold=1)


def handler(event, context):
    region = boto3.session.Session().region_name
    endpoint = s3.meta.endpoint_url
    can = s3.can_paginate("list_objects_v2")
    pages = s3.get_paginator("list_objects_v2")
    waiter = s3.get_waiter("bucket_exists")
    put = s3.put_object
    table = dynamodb.Table("orders")
    bucket = boto3.resource("s3").Bucket("b")
    item = bucket.Object("k")
    objects = bucket.objects
    condition = Key("id").eq(1) & Attr("a").exists()
    packed = TypeSerializer().serialize({"a": 1})
    unpacked = TypeDeserializer().deserialize(packed)
    services = boto3.session.Session().get_available_services()
    try:
        raise ClientError({}, "GetObject")
    except s3.exceptions.NoSuchKey:
        pass
    s3.close()
    return [region, endpoint, can, pages, waiter, put.__name__, table.name, item.key, objects, condition, unpacked, services]
