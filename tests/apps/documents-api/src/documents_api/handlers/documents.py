"""The three functions that people call."""

import functools
import json
import uuid
from datetime import UTC, datetime

from ..cache import DocumentCache
from ..repository import DocumentRepository

repository = DocumentRepository()
cache = DocumentCache()


def as_json(function):
    """Turn what a handler returns into an HTTP answer."""

    @functools.wraps(function)
    def wrapped(event, context):
        try:
            status, body = function(event, context)
        except KeyError as missing:
            status, body = 400, {"error": f"{missing} is missing"}
        return {"statusCode": status, "body": json.dumps(body, default=str)}

    return wrapped


@as_json
def create(event, context):
    body = json.loads(event["body"])
    document = {
        "pk": str(uuid.uuid4()),
        "title": body["title"],
        "category": body.get("category", "other"),
        "uploadedAt": datetime.now(UTC).isoformat(),
    }
    repository.add(document)
    return 201, {"document": document, "upload": repository.upload_form(document["pk"])}


@as_json
def get(event, context):
    document_id = event["pathParameters"]["id"]
    document = cache.get_object(Bucket="documents", Key=document_id)
    if document is None:
        document = repository.find(document_id)
        cache.put_object(Bucket="documents", Key=document_id, Body=document)
    if not document:
        return 404, {"error": "no such document"}
    return 200, {"document": document, "download": repository.download_link(document_id)}


@as_json
def search(event, context):
    category = event["queryStringParameters"]["category"]
    return 200, {"documents": list(repository.in_category(category))}
