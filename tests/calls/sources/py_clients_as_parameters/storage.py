def archive(item, bucket, client):
    _put(client, bucket, f"items/{item['id']}.json")


def _put(s3, Bucket, Key):
    s3.put_object(Bucket=Bucket, Key=Key, Body=b"")  #? s3.PutObject Bucket=env:ARCHIVE Key=items/?.json
