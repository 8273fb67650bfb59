import boto3

dynamodb = boto3.resource("dynamodb")


def read(name, key):
    return dynamodb.Table(name).get_item(Key={"id": key})  #? dynamodb.GetItem TableName=orders & dynamodb.GetItem TableName=users


def purge(name):
    dynamodb.Table(name).delete()
