import boto3


def run():
    boto3.client("cloudtrail").describe_trails()  #? cloudtrail.DescribeTrails
