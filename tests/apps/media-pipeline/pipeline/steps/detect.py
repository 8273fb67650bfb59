import os

from pipeline import catalog
from pipeline.aws import client

CERTAIN = 80


def handler(event, context):
    key = event["key"]
    found = client("rekognition").detect_labels(
        Image={"S3Object": {"Bucket": os.environ["LIBRARY_BUCKET"], "Name": key}},
        MinConfidence=CERTAIN,
    )
    labels = [label["Name"] for label in found["Labels"]]
    catalog.labelled(key, labels)
    return {**event, "labels": labels}
