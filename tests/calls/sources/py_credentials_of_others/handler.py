import os

import boto3

sts = boto3.client("sts")


def session_for(account):
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="s")  #? sts.AssumeRole RoleArn=arn:aws:iam::?:role/reader
    keys = role["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def handler(event, context):
    boto3.client("s3").list_buckets()  #? s3.ListBuckets
    theirs = session_for(event["account"])
    theirs.client("s3").get_object(Bucket="theirs", Key="k")  #? s3.GetObject Bucket=theirs
    theirs.resource("dynamodb").Table("t").scan()  #? dynamodb.Scan TableName=t
    sts.get_caller_identity()  #? sts.GetCallerIdentity
    boto3.client("s3", aws_access_key_id=os.environ["OTHER_KEY"], aws_secret_access_key="x").list_buckets()  #? s3.ListBuckets
