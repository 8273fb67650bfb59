import os

import boto3

s3 = boto3.client("s3")
COMMON = {"Bucket": os.environ["BUCKET"], "Key": "fixed"}
OPTIONS = dict(region_name="eu-west-1")


def call(**kwargs):
    return s3.get_object(**kwargs)  #? s3.GetObject Bucket=env:BUCKET Key=fixed


def forward(method, *args, **kwargs):
    return method(*args, **kwargs)  #? s3.DeleteObject Bucket=gone Key=k


def put(Bucket, Key="default-key", **more):
    s3.put_object(Bucket=Bucket, Key=Key, **more)  #? s3.PutObject Bucket=a Key=default-key & s3.PutObject Bucket=b Key=k


def positional(bucket, key):
    s3.head_object(Bucket=bucket, Key=key)  #? s3.HeadObject Bucket=x Key=y


def handler(event, context):
    call(**COMMON)
    put("a")
    put(*["b", "k"])
    positional(*("x", "y"))
    forward(s3.delete_object, Bucket="gone", Key="k")
    params = {"TableName": "t"}
    params["Item"] = event
    if event.get("safe"):
        params["ConditionExpression"] = "attribute_not_exists(id)"
    boto3.client("dynamodb", **OPTIONS).put_item(**params)  #? dynamodb.PutItem TableName=t
    params = {**params, "TableName": "u"}
    boto3.client("dynamodb").put_item(**params)  #? dynamodb.PutItem TableName=u
    merged = COMMON | {"Key": "other"}
    s3.get_object_tagging(**merged)  #? s3.GetObjectTagging Bucket=env:BUCKET Key=other
    updated = dict(COMMON, Key="third")
    s3.get_object_acl(**updated)  #? s3.GetObjectAcl Bucket=env:BUCKET Key=third
