import os

import boto3

sqs = boto3.client("sqs")
sns = boto3.client("sns")


def account_of(context):
    return context.invoked_function_arn.split(":")[4]


def handler(event, context):
    region = context.invoked_function_arn.split(":")[3]
    sns.publish(TopicArn=f"arn:aws:sns:{region}:{account_of(context)}:t", Message="x")  #? sns.Publish TopicArn=arn:aws:sns:${AWS::Region}:${AWS::AccountId}:t
    *_, name = context.invoked_function_arn.split(":")
    boto3.client("lambda").invoke(FunctionName=f"{name}-next")  #? lambda.Invoke FunctionName=env:AWS_LAMBDA_FUNCTION_NAME-next
    cut = f"{os.environ['QUEUE']}/x".split("/")
    sqs.send_message(QueueUrl=cut[0], MessageBody="x")  #? sqs.SendMessage QueueUrl=?
    stage = f"in/{os.environ['STAGE']}/k".split("/")
    boto3.client("s3").get_object(Bucket=stage[0], Key="k")  #? s3.GetObject Bucket=in
    first, *between, last = ("a", "b", "c", "d")
    for bucket in between:
        boto3.client("s3").delete_bucket(Bucket=bucket)  #? s3.DeleteBucket Bucket=b & s3.DeleteBucket Bucket=c
    boto3.client("s3").create_bucket(Bucket=last)  #? s3.CreateBucket Bucket=d
