"""What is read of an object and a path of the file system are no s3:// addresses; an address beside them is one."""

from pathlib import Path

import boto3
import pandas
import polars

s3 = boto3.client("s3")


def opened(name):
    if name.endswith(".gz"):
        return s3.get_object(Bucket="lake", Key="in/" + name)["Body"].read()  #? s3.GetObject Bucket=lake Key=in/?
    return Path("s3://lake/in/" + name)


def addressed(name):
    if name.endswith(".gz"):
        return s3.get_object(Bucket="lake", Key="gz")["Body"]  #? s3.GetObject Bucket=lake Key=gz
    return "s3://lake/plain.csv"


def handler(event, context):
    polars.read_parquet(opened(event["name"]))
    pandas.read_csv(addressed(event["name"]))  #? s3.GetObject Bucket=lake Key=plain.csv & s3.HeadObject Bucket=lake Key=plain.csv
