"""GET /todos"""

import json

from todos import store


def handler(event, context):
    """Answer with the caller's todos."""
    todos = store.of_owner(event["requestContext"]["accountId"])
    return {"statusCode": 200, "body": json.dumps(todos, default=str)}
