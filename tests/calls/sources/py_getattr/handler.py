import operator

import boto3

s3 = boto3.client("s3")
METHODS = {"read": "get_object", "probe": "head_object"}


class Dispatcher:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table("jobs")

    def on_create(self, event):
        self.table.put_item(Item=event)  #? dynamodb.PutItem TableName=jobs

    def on_delete(self, event):
        self.table.delete_item(Key=event)  #? dynamodb.DeleteItem TableName=jobs

    def dispatch(self, name, event):
        getattr(self, f"on_{name}")(event)


def handler(event, context):
    getattr(s3, "get_object_acl")(Bucket="b", Key="k")  #? s3.GetObjectAcl Bucket=b Key=k
    method = getattr(boto3, "client")
    method("sqs").list_queues()  #? sqs.ListQueues
    getattr(s3, METHODS["read"])(Bucket="b", Key="k")  #? s3.GetObject Bucket=b Key=k
    for name in ("create", "delete"):
        Dispatcher().dispatch(name, event)
    put = s3.put_object
    put(Bucket="alias", Key="k")  #? s3.PutObject Bucket=alias Key=k
    delete = boto3.resource("dynamodb").Table("t").delete_item
    delete(Key={})  #? dynamodb.DeleteItem TableName=t
    operator.methodcaller("list_buckets")(s3)  #? s3.ListBuckets
    operator.attrgetter("meta.client")(boto3.resource("s3")).head_bucket(Bucket="meta")  #? s3.HeadBucket Bucket=meta
    setattr(context, "store", s3)
    publish = boto3.client("sns").publish
    kinds = {"mail": publish}
    kinds["mail"](TopicArn="arn:aws:sns:eu-west-1:111122223333:x", Message="")  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:x
