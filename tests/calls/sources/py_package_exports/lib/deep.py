import boto3

_hidden = boto3.client("s3")


def starred(bucket):
    _hidden.list_objects_v2(Bucket=bucket)  #? s3.ListObjectsV2 Bucket=third
