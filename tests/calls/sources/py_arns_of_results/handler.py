"""A result that holds the ARN of what the call was about: the ARN follows from the arguments."""

import os

import boto3

tables = boto3.client("dynamodb")
functions = boto3.client("lambda")
secrets = boto3.client("secretsmanager")


def handler(event, context):
    table = tables.describe_table(TableName="orders")["Table"]  #? dynamodb.DescribeTable TableName=orders
    arn = table["TableArn"]
    tables.tag_resource(ResourceArn=arn, Tags=[])  #? dynamodb.TagResource ResourceArn=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
    found = functions.get_function(FunctionName=os.environ["WORKER"])  #? lambda.GetFunction FunctionName=env:WORKER
    worker = found["Configuration"]["FunctionArn"]
    functions.list_tags(Resource=worker)  #? lambda.ListTags Resource=arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:env:WORKER
    secret = secrets.create_secret(Name="db/main")  #? secretsmanager.CreateSecret Name=db/main
    secrets.delete_secret(SecretId=secret["ARN"])  #? secretsmanager.DeleteSecret SecretId=db/main
    tables.tag_resource(ResourceArn=table["TableId"], Tags=[])  #? dynamodb.TagResource ResourceArn=?
    orders = boto3.resource("dynamodb").Table("orders")
    tables.untag_resource(ResourceArn=orders.table_arn, TagKeys=[])  #? dynamodb.DescribeTable TableName=orders & dynamodb.UntagResource ResourceArn=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
