"""A person looks at the picture: one function asks, another takes the answer."""

import json
import os

from pipeline.aws import client


def _approvers():
    name = os.environ["APPROVALS_PARAMETER"] + "/people"
    return client("ssm").get_parameter(Name=name)["Parameter"]["Value"].split(",")


def request(event, context):
    message = {"token": event["token"], "key": event["key"], "people": _approvers()}
    client("sns").publish(TopicArn=os.environ["APPROVAL_TOPIC"], Message=json.dumps(message))


def answer(event, context):
    body = json.loads(event["body"])
    sfn = client("stepfunctions")
    if body["approved"]:
        sfn.send_task_success(taskToken=body["token"], output=json.dumps({"approved": True}))
    else:
        sfn.send_task_failure(taskToken=body["token"], error="Refused", cause=body.get("why", ""))
    return {"statusCode": 204}
