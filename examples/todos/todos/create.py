"""POST /todos"""

import json
import uuid
from datetime import UTC, datetime

from todos import store


def handler(event, context):
    """Keep a new todo of the caller."""
    body = json.loads(event.get("body") or "{}")
    if not body.get("text"):
        return {"statusCode": 400, "body": json.dumps({"error": "text is missing"})}
    todo = {
        "id": str(uuid.uuid4()),
        "owner": event["requestContext"]["accountId"],
        "text": body["text"],
        "createdAt": datetime.now(UTC).isoformat(),
    }
    store.save(todo)
    return {"statusCode": 201, "body": json.dumps(todo)}
