import boto3


def run(event):
    boto3.client("s3").get_object(Bucket="alone", Key=event["key"])  #? s3.GetObject Bucket=alone
