import boto3
from moto import mock_aws

from handler import handler


@mock_aws
def test_handler():
    boto3.client("s3").create_bucket(Bucket="b")
    boto3.resource("dynamodb").create_table(TableName="t")
    assert handler({}, None)["statusCode"] == 200
