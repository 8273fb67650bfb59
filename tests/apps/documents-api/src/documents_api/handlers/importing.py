"""Reads lists of documents that another system leaves in the bucket."""

import csv
import io
import os

import boto3
from src.documents_api.config import SETTINGS
from src.documents_api.repository import DocumentRepository

s3 = boto3.client("s3")


def waiting():
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=SETTINGS.bucket_name,
        Prefix=os.environ["IMPORT_PREFIX"] + "/",
    )
    for page in pages:
        for entry in page.get("Contents", []):
            yield entry["Key"]


def handler(event, context):
    repository = DocumentRepository(client=s3)
    counted = 0
    for key in waiting():
        body = s3.get_object(Bucket=SETTINGS.bucket_name, Key=key)["Body"].read()
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8"))))
        repository.add_all(rows)
        counted += len(rows)
    return {"imported": counted}
