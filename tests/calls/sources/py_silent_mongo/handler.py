import boto3
from pymongo import MongoClient

users = MongoClient().shop.users


def handler(event, context):
    users.insert_one({"a": 1})
    users.update_item(Key={"id": 1})
    users.delete_one({"a": 1})
    users.aggregate([])
    users.query(KeyConditionExpression="a = 1")
    users.batch_writer().put_item(Item={})
    return list(users.find({"region": boto3.session.Session().region_name}))
