import boto3

HELPERS = {"put": boto3.__version__}


def handler(event, context):
    event["client"].get_object(Bucket="b", Key="k")
    event.get("table").put_item(Item={})
    context.client_context.publish(TopicArn="t", Message="x")
    for record in event["Records"]:
        record["s3"]["object"].delete()
        record.send_message(QueueUrl="q", MessageBody="x")
    getattr(event, "list_buckets")()
    HELPERS["put"].put_object(Bucket="b", Key="k")
    return event["callback"]()
