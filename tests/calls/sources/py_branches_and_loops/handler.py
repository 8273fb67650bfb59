import boto3

s3 = boto3.client("s3")
BUCKETS = {"eu": "media-eu", "us": "media-us"}


def handler(event, context):
    bucket = "public" if event.get("public") else "private"
    s3.put_object(Bucket=bucket, Key=event["key"], Body=b"")  #? s3.PutObject Bucket=private|public Key=?
    for name in ("first", "second"):
        s3.get_object(Bucket=name, Key="k")  #? s3.GetObject Bucket=first & s3.GetObject Bucket=second
    s3.head_object(Bucket=BUCKETS[event["region"]], Key="a")  #? s3.HeadObject Bucket=media-eu|media-us
    parameters = {"Bucket": "kept"}
    if event.get("all"):
        parameters["Prefix"] = "p/"
    s3.list_objects_v2(**parameters)  #? s3.ListObjectsV2 Bucket=kept
    module = event["module"]
    if module == "orders":
        s3.delete_object(Bucket="orders", Key="k")  #? s3.DeleteObject Bucket=orders
