import os

import boto3
from aws_lambda_powertools.utilities.circuit_breaker import circuit_breaker
from aws_lambda_powertools.utilities.circuit_breaker.persistence import CircuitBreakerDynamoDBPersistence

sns = boto3.client("sns")
store = CircuitBreakerDynamoDBPersistence(table_name=os.environ["STATES"])


@circuit_breaker(name="pay", persistence_store=store)  #? dynamodb.GetItem TableName=env:STATES & dynamodb.PutItem TableName=env:STATES & dynamodb.UpdateItem TableName=env:STATES
def pay(order):
    return sns.publish(TopicArn=os.environ["TOPIC"], Message=order)  #? sns.Publish TopicArn=env:TOPIC


def handler(event, context):
    return pay(event["order"])
