import configparser
import json
import os
import tomllib
from pathlib import Path

import boto3
import yaml

HERE = Path(__file__).parent
with open("config.json") as file:
    config = json.load(file)
with open(os.path.join(os.path.dirname(__file__), "config.yml")) as stream:
    settings = yaml.safe_load(stream)
toml = tomllib.loads((HERE / "config.toml").read_text())
other = json.loads(Path("config.json").read_text())
ini = configparser.ConfigParser()
ini.read(HERE / "config.ini")


def load(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "r", encoding="utf-8") as f:
        return json.loads(f.read())


def handler(event, context):
    s3 = boto3.client("s3")
    s3.get_object(Bucket=config["bucket"], Key="k")  #? s3.GetObject Bucket=config-bucket
    s3.put_object(Bucket=settings["storage"]["bucket"], Key="k")  #? s3.PutObject Bucket=yaml-bucket
    s3.head_object(Bucket=toml["storage"]["bucket"], Key="k")  #? s3.HeadObject Bucket=toml-bucket
    s3.delete_object(Bucket=other["bucket"], Key="k")  #? s3.DeleteObject Bucket=config-bucket
    s3.get_object_acl(Bucket=load("config.json")["bucket"], Key="k")  #? s3.GetObjectAcl Bucket=config-bucket
    s3.list_objects_v2(Bucket=ini["storage"]["bucket"])  #? s3.ListObjectsV2 Bucket=ini-bucket
