import os

import boto3

if os.environ.get("IS_OFFLINE"):
    table = boto3.resource("dynamodb", endpoint_url="http://localhost:8000", aws_access_key_id="x", aws_secret_access_key="y").Table("t")
else:
    table = boto3.resource("dynamodb").Table("t")

options = {}
if os.environ["STAGE"] == "dev":
    options["aws_access_key_id"] = os.environ["DEV_KEY"]
    options["aws_secret_access_key"] = os.environ["DEV_SECRET"]
s3 = boto3.client("s3", **options)


def session():
    if os.environ.get("ROLE"):
        keys = boto3.client("sts").assume_role(RoleArn=os.environ["ROLE"], RoleSessionName="s")["Credentials"]  #? sts.AssumeRole RoleArn=env:ROLE
        return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return boto3.Session()


def handler(event, context):
    table.get_item(Key={"id": "1"})  #? dynamodb.GetItem TableName=t
    s3.get_object(Bucket="b", Key="k")  #? s3.GetObject Bucket=b
    session().client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="m")  #? sqs.SendMessage QueueUrl=env:QUEUE
