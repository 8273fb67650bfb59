import json
import os
import urllib.parse

from pipeline import catalog
from pipeline.aws import client

LIBRARY = os.environ["LIBRARY_BUCKET"]
MACHINE = os.environ["STATE_MACHINE_ARN"]


def _arrivals(event):
    for message in event["Records"]:
        for record in json.loads(message["body"]).get("Records", []):
            yield record["s3"]["bucket"]["name"], urllib.parse.unquote_plus(record["s3"]["object"]["key"])


def handler(event, context):
    s3 = client("s3")
    for bucket, key in _arrivals(event):
        kept = f"pictures/{key}"
        s3.copy_object(Bucket=LIBRARY, Key=kept, CopySource={"Bucket": bucket, "Key": key})
        size = s3.head_object(Bucket=LIBRARY, Key=kept)["ContentLength"]
        catalog.arrived(kept, size)
        client("stepfunctions").start_execution(stateMachineArn=MACHINE, input=json.dumps({"key": kept}))
