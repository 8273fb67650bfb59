import json

from pipeline import catalog


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"about": catalog.__doc__})}
