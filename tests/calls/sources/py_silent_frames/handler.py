import boto3
import pandas as pd
import polars as pl


def handler(event, context):
    frame = pd.DataFrame(event)
    frame.query("a > 1").copy()
    frame.drop(columns=["a"]).update(frame)
    frame.get("a")
    pl.DataFrame({"a": [1]}).scan_csv("x")
    frame.select_object_content(Bucket="b", Key="k")
    pd.read_csv("/tmp/x.csv").to_json("/tmp/x.json")
    return frame.scan(), boto3.__version__
