from storage import boto, client, dynamodb, s3


def handler(event, context):
    s3.put_object(Bucket="b", Key="k", Body="x")
    s3.get_object(Bucket="b", Key="k")
    dynamodb.Table("t").put_item(Item={})
    client("sqs").send_message(QueueUrl="q", MessageBody="x")
    boto.resource("s3").Bucket("b").upload_file("/tmp/x", "k")
