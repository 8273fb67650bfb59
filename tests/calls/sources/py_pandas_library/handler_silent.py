"""Files of the machine, URLs of the web, and somebody else's open."""

import pandas as pd
import smart_open
from lib_of_ours import open as other


def handler(event, context):
    frame = pd.read_csv("/tmp/in.csv")
    pd.read_json("https://example.com/a.json")
    frame.to_parquet("/tmp/out.parquet")
    with smart_open.open("gs://bucket/key") as one, smart_open.open("/tmp/x", "w") as two:
        two.write(one.read())
    return other("s3://bucket/key")
