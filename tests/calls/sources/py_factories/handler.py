import os

from aws import Factory, client_for, make_table
import aws as cloud


def handler(event, context):
    make_table("ORDERS").get_item(Key={"id": 1})  #? dynamodb.GetItem TableName=env:ORDERS
    make_table("USERS").scan()  #? dynamodb.Scan TableName=env:USERS
    client_for("queue").purge_queue(QueueUrl=os.environ["Q"])  #? sqs.PurgeQueue QueueUrl=env:Q
    cloud.client_for("topic").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:t", Message="m")  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:t
    factory = Factory(region="eu-west-1")
    factory.s3().list_objects_v2(Bucket="b")  #? s3.ListObjectsV2 Bucket=b
    factory.create("ssm").get_parameter(Name="/p")  #? ssm.GetParameter Name=/p
    build = cloud.builder("secretsmanager")
    build().get_secret_value(SecretId="s")  #? secretsmanager.GetSecretValue SecretId=s
