"""Values are marshalled and tokens verified without a call."""

import cognitojwt
from dynamodb_json import json_util


def handler(event, context):
    cognitojwt.decode(event["token"], "eu-west-1", "pool")
    return json_util.loads(event["item"])
