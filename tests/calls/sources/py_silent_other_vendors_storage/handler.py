import os

import boto3

SPACES = boto3.client("s3", endpoint_url="https://nyc3.digitaloceanspaces.com", region_name="nyc3")
R2 = boto3.resource("s3", endpoint_url=f"https://{os.environ['ACCOUNT']}.r2.cloudflarestorage.com")
B2 = boto3.session.Session().client("s3", endpoint_url="https://s3.us-west-002.backblazeb2.com")
GCS = boto3.client("s3", endpoint_url="https://storage.googleapis.com")


def handler(event, context):
    SPACES.put_object(Bucket="b", Key="k", Body=b"x")
    SPACES.upload_file("/tmp/x", "b", "k")
    R2.Bucket("b").objects.all().delete()
    R2.Object("b", "k").download_file("/tmp/x")
    B2.get_paginator("list_objects_v2").paginate(Bucket="b")
    return GCS.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
