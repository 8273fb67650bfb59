import os

import boto3

s3 = boto3.resource("s3")
bucket = s3.Bucket(os.environ["BUCKET"])


def read(event):
    s3.Object("b", "k").get()["Body"].read()  #? s3.GetObject Bucket=b Key=k
    bucket.Object("in/" + event["name"]).get()  #? s3.GetObject Bucket=env:BUCKET Key=in/?
    s3.ObjectSummary("b", "k").get()  #? s3.GetObject Bucket=b Key=k
    s3.ObjectSummary("b", "k").load()  #? s3.HeadObject Bucket=b Key=k
    size = s3.Object("b", "sized").content_length  #? s3.HeadObject Bucket=b Key=sized
    bucket.Acl().grants  #? s3.GetBucketAcl Bucket=env:BUCKET
    bucket.Policy().policy  #? s3.GetBucketPolicy Bucket=env:BUCKET
    bucket.Versioning().status  #? s3.GetBucketVersioning Bucket=env:BUCKET
    s3.ObjectAcl("b", "k").grants  #? s3.GetObjectAcl Bucket=b Key=k
    s3.ObjectVersion("b", "k", "v1").get()  #? s3.GetObject Bucket=b Key=k VersionId=v1
    bucket.creation_date  #? s3.ListBuckets
    return size


def write(event):
    bucket.put_object(Key="k", Body=b"x", ACL="private")  #? s3.PutObject Bucket=env:BUCKET Key=k ACL=private
    made = bucket.Object("made")
    made.put(Body=b"x")  #? s3.PutObject Bucket=env:BUCKET Key=made
    made.Acl().put(ACL="public-read")  #? s3.PutObjectAcl Bucket=env:BUCKET Key=made ACL=public-read
    made.copy_from(CopySource="other/k")  #? s3.CopyObject Bucket=env:BUCKET Key=made CopySource=other/k
    made.delete()  #? s3.DeleteObject Bucket=env:BUCKET Key=made
    made.restore_object(RestoreRequest={"Days": 1})  #? s3.RestoreObject Bucket=env:BUCKET Key=made
    bucket.delete_objects(Delete={"Objects": [{"Key": "a"}]})  #? s3.DeleteObjects Bucket=env:BUCKET
    bucket.Versioning().enable()  #? s3.PutBucketVersioning Bucket=env:BUCKET
    bucket.Tagging().put(Tagging={"TagSet": []})  #? s3.PutBucketTagging Bucket=env:BUCKET
    s3.BucketCors("b").delete()  #? s3.DeleteBucketCors Bucket=b
    s3.create_bucket(Bucket="new").wait_until_exists()  #? s3.CreateBucket Bucket=new & s3.HeadBucket Bucket=new
    upload = made.initiate_multipart_upload()  #? s3.CreateMultipartUpload Bucket=env:BUCKET Key=made
    part = upload.Part(1)
    part.upload(Body=b"x")  #? s3.UploadPart Bucket=env:BUCKET Key=made PartNumber=1
    part.copy_from(CopySource="other/k")  #? s3.UploadPartCopy Bucket=env:BUCKET Key=made
    upload.complete()  #? s3.CompleteMultipartUpload Bucket=env:BUCKET Key=made
    upload.abort()  #? s3.AbortMultipartUpload Bucket=env:BUCKET Key=made


def listings():
    for item in bucket.objects.filter(Prefix="in/"):  #? s3.ListObjects Bucket=env:BUCKET Prefix=in/
        print(item.key, item.size)
        item.delete()  #? s3.DeleteObject Bucket=env:BUCKET Key=?
        item.Object().get()  #? s3.GetObject Bucket=env:BUCKET Key=?
    list(bucket.objects.limit(3))  #? s3.ListObjects Bucket=env:BUCKET
    for page in s3.Bucket("paged").objects.pages():  #? s3.ListObjects Bucket=paged
        [one.copy_from(CopySource="c/k") for one in page]  #? s3.CopyObject Bucket=paged Key=?
    bucket.objects.all().delete()  #? s3.ListObjects Bucket=env:BUCKET & s3.DeleteObjects Bucket=env:BUCKET
    bucket.object_versions.delete()  #? s3.ListObjectVersions Bucket=env:BUCKET & s3.DeleteObjects Bucket=env:BUCKET
    for upload in bucket.multipart_uploads.all():  #? s3.ListMultipartUploads Bucket=env:BUCKET
        upload.abort()  #? s3.AbortMultipartUpload Bucket=env:BUCKET Key=?
    return [one.name for one in s3.buckets.all()]  #? s3.ListBuckets


def handler(event, context):
    read(event)
    write(event)
    listings()
    s3.meta.client.head_bucket(Bucket="b")  #? s3.HeadBucket Bucket=b
    bucket.meta.client.list_objects_v2(Bucket=bucket.name)  #? s3.ListObjectsV2 Bucket=env:BUCKET
    bucket.wait_until_not_exists()  #? s3.HeadBucket Bucket=env:BUCKET
