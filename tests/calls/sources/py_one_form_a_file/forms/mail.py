import boto3


def send():
    boto3.client("ses").send_email(Source="a", Destination={}, Message={})  #? ses.SendEmail
