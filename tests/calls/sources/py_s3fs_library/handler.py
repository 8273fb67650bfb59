import os

import fsspec
import s3fs
from s3fs import S3FileSystem

fs = s3fs.S3FileSystem(anon=False)
other = S3FileSystem(key="AKIA", secret="s")


def handler(event, context):
    with fs.open(f"{os.environ['BUCKET']}/in/data.json") as file:  #? s3.GetObject Bucket=env:BUCKET Key=in/data.json & s3.HeadObject Bucket=env:BUCKET Key=in/data.json
        print(file.read())
    with fs.open("s3://lake/out.json", "wb") as file:  #? s3.PutObject Bucket=lake Key=out.json
        file.write(b"x")
    fs.ls("lake/in")  #? s3.ListObjectsV2 Bucket=lake
    fs.rm("s3://lake/old", recursive=True)  #? s3.ListObjectsV2 Bucket=lake & s3.DeleteObjects Bucket=lake
    for name in fs.glob("lake/in/*.csv"):  #? s3.ListObjectsV2 Bucket=lake
        fs.rm_file(name)  #? s3.DeleteObject Bucket=lake Key=in/?
    if fs.exists("lake/marker"):  #? s3.HeadObject Bucket=lake Key=marker & s3.ListObjectsV2 Bucket=lake
        fs.put("/tmp/a", "lake/a")  #? s3.PutObject Bucket=lake & s3.ListObjectsV2 Bucket=lake
    with fsspec.open("s3://lake/b.txt") as file:  #? s3.GetObject Bucket=lake Key=b.txt & s3.HeadObject Bucket=lake
        print(file.read())
    return fsspec.filesystem("s3").cat("lake/c")  #? s3.GetObject Bucket=lake Key=c
