import os

import boto3
from boto3.s3.transfer import S3Transfer

BUCKET = os.environ["BUCKET"]
s3 = boto3.client("s3")
other = boto3.client("s3", region_name="us-east-2")


def handler(event, context):
    key = event["key"]
    s3.upload_file("/tmp/a", BUCKET, f"out/{key}", ExtraArgs={"ACL": "private"})  #? s3.PutObject Bucket=env:BUCKET Key=out/? ACL=private
    s3.upload_fileobj(Fileobj=open("/tmp/a", "rb"), Bucket=BUCKET, Key="k")  #? s3.PutObject Bucket=env:BUCKET Key=k
    s3.download_file(BUCKET, key, "/tmp/a")  #? s3.HeadObject Bucket=env:BUCKET Key=? & s3.GetObject Bucket=env:BUCKET Key=?
    s3.download_fileobj(BUCKET, "k", open("/tmp/a", "wb"))  #? s3.HeadObject Bucket=env:BUCKET Key=k & s3.GetObject Bucket=env:BUCKET Key=k
    s3.copy({"Bucket": "from", "Key": "a"}, BUCKET, "b")  #? s3.HeadObject Bucket=from Key=a & s3.CopyObject Bucket=env:BUCKET Key=b
    s3.copy(CopySource={"Bucket": "from", "Key": "a"}, Bucket="to", Key="b", SourceClient=other)  #? s3.HeadObject Bucket=from $region=us-east-2 & s3.CopyObject Bucket=to
    s3.copy_object(Bucket="to", Key="b", CopySource=f"{BUCKET}/a")  #? s3.CopyObject CopySource=env:BUCKET/a
    boto3.resource("s3").Bucket("r").download_file("k", "/tmp/a")  #? s3.HeadObject Bucket=r Key=k & s3.GetObject Bucket=r Key=k
    boto3.resource("s3").Object("r", "k").upload_file("/tmp/a")  #? s3.PutObject Bucket=r Key=k
    boto3.resource("s3").Object("r", "k").copy({"Bucket": "from", "Key": "a"})  #? s3.HeadObject Bucket=from Key=a & s3.CopyObject Bucket=r Key=k
    boto3.resource("s3").meta.client.copy({"Bucket": "from", "Key": "a"}, "to", "c")  #? s3.HeadObject Bucket=from & s3.CopyObject Bucket=to Key=c
    S3Transfer(s3).upload_file("/tmp/a", "t", "k")  #? s3.PutObject Bucket=t Key=k
    s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key})  #? s3.GetObject Bucket=env:BUCKET Key=?
    s3.generate_presigned_url(ClientMethod="put_object", Params={"Bucket": BUCKET, "Key": "k"}, ExpiresIn=3)  #? s3.PutObject Key=k
    s3.generate_presigned_url("upload_part", Params={"Bucket": "b", "Key": "k", "UploadId": "u", "PartNumber": 1})  #? s3.UploadPart Bucket=b
    s3.generate_presigned_post(BUCKET, "posted", Fields={"acl": "private"})  #? s3.PutObject Bucket=env:BUCKET Key=posted
    boto3.client("sns").generate_presigned_url("publish", Params={"TopicArn": "t", "Message": "m"})  #? sns.Publish TopicArn=t
    return boto3.client("rds").generate_db_auth_token(os.environ["HOST"], 3306, "admin")  #? rds-db.connect DBHostname=env:HOST DBUsername=admin
