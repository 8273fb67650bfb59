import os
from unittest.mock import MagicMock, Mock, create_autospec, patch

import boto3

s3 = MagicMock(name="s3")
sqs = Mock(spec=["send_message"])


class Fake:
    def put_item(self, **arguments):
        return {"ResponseMetadata": {"HTTPStatusCode": 200}}


def handler(event, context):
    s3.get_object(Bucket="b", Key="k")["Body"].read()
    s3.get_paginator("list_objects_v2").paginate(Bucket="b")
    sqs.send_message(QueueUrl="q", MessageBody="x")
    sqs.send_message.assert_called_once()
    Fake().put_item(TableName="t", Item={})
    create_autospec(Fake).put_item(TableName="t", Item={})
    with patch("boto3.client") as client:
        client.return_value.publish(TopicArn="t", Message="x")
    return os.environ["STAGE"]
