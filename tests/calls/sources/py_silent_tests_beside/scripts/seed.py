import boto3

boto3.resource("dynamodb").Table("t").put_item(Item={"id": 1})
