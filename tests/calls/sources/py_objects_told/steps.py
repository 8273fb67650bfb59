import boto3


def first(event):
    boto3.client("s3").get_object(Bucket="first", Key=event["key"])  #? s3.GetObject Bucket=first


def second(event):
    boto3.client("s3").get_object(Bucket="second", Key=event["key"])  #? s3.GetObject Bucket=second
