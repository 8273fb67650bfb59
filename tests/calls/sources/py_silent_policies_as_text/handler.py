import json

import boto3

TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:PutItem", "s3:GetObject"], "Resource": TABLE}],
}


def allow(principal, resource):
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}
    return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def handler(event, context):
    """Calls s3.get_object(Bucket="b", Key="k") in words only."""
    # boto3.client("s3").put_object(Bucket="b", Key="k")
    print("dynamodb.put_item", json.dumps(POLICY), boto3.__version__)
    command = "boto3.client('sqs').send_message(QueueUrl='q', MessageBody='x')"
    return allow("user", event["methodArn"]), command
