import boto3
import pytest


@pytest.fixture
def queue():
    return boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"]
