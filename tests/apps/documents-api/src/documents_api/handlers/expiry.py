import os
from datetime import date, timedelta

from ..repository import DocumentRepository


def handler(event, context):
    day = date.today() - timedelta(days=int(os.environ["RETENTION_DAYS"]))
    repository = DocumentRepository()
    expired = repository.older_than(day.isoformat())
    for document in expired:
        repository.remove(document)
    return {"expired": len(expired)}
