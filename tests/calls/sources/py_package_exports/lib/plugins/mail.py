import boto3


def run():
    boto3.client("ses").send_raw_email(RawMessage={"Data": b""})  #? ses.SendRawEmail
