import boto3

sqs = boto3.client("sqs")


def send(url):
    sqs.send_message(QueueUrl=url, MessageBody="")  #? sqs.SendMessage QueueUrl=q1 & sqs.SendMessage QueueUrl=q2
