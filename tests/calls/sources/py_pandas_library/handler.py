import io
import os

import boto3
import pandas as pd
import smart_open
from smart_open import open as s3_open

s3 = boto3.client("s3")


def handler(event, context):
    frame = pd.read_csv(f"s3://{os.environ['BUCKET']}/in.csv")  #? s3.GetObject Bucket=env:BUCKET Key=in.csv & s3.HeadObject Bucket=env:BUCKET
    frame["total"] = frame["a"] + frame["b"]
    frame.groupby("a").sum().to_json("s3://out/sums.json")  #? s3.PutObject Bucket=out Key=sums.json
    frame.apply(lambda row: s3.put_object(Bucket="rows", Key=row["a"]), axis=1)  #? s3.PutObject Bucket=rows Key=?
    pd.read_parquet("s3://lake/year=2024/")  #? s3.GetObject Bucket=lake Key=year=2024/? & s3.HeadObject Bucket=lake & s3.ListObjectsV2 Bucket=lake
    with smart_open.open("s3://logs/" + event["name"], "rb") as log:  #? s3.GetObject Bucket=logs Key=?
        print(log.read())
    with s3_open("s3://copies/a.txt", "w", transport_params={"client": s3}) as copy:  #? s3.PutObject Bucket=copies Key=a.txt & s3.AbortMultipartUpload Bucket=copies
        copy.write("x")
    buffer = io.StringIO()
    frame.to_csv(buffer)
    return s3.put_object(Bucket="buffers", Key="b", Body=buffer.getvalue())  #? s3.PutObject Bucket=buffers Key=b
