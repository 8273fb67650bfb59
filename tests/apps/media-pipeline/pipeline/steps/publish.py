import os

from pipeline import catalog
from pipeline.aws import client
from pipeline.cdn import Cdn


def _token():
    secret = client("secretsmanager").get_secret_value(SecretId=os.environ["CDN_SECRET"])
    return secret["SecretString"]


def handler(event, context):
    key = event["key"]
    body = client("s3").get_object(Bucket=os.environ["LIBRARY_BUCKET"], Key=key)["Body"].read()
    address = Cdn(_token()).publish(TopicArn="pictures", Message={"key": key, "size": len(body)})
    catalog.published(key, address)
    return {"address": address}
