import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial, reduce
from itertools import chain, starmap

import boto3

s3 = boto3.client("s3")
NAMES = ["a", "b"]


def head(bucket):
    return s3.head_bucket(Bucket=bucket)  #? s3.HeadBucket Bucket=a & s3.HeadBucket Bucket=b


def tag(bucket, key):
    s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={})  #? s3.PutObjectTagging Bucket=tagged Key=?


def retry(function, times=3):
    for _ in range(times):
        try:
            return function()
        except Exception:
            continue


def twice(function):
    def inner(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return inner


def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


@twice
def copy(source):
    s3.get_object_attributes(Bucket=source, Key="k", ObjectAttributes=["ETag"])  #? s3.GetObjectAttributes Bucket=source


async def one(key):
    s3.delete_object(Bucket="async", Key=key)  #? s3.DeleteObject Bucket=async Key=?


async def many(keys):
    await asyncio.gather(*[one(key) for key in keys])
    await asyncio.gather(*map(one, keys))


def handler(event, context):
    list(map(head, NAMES))
    save = partial(s3.put_object, Bucket="partial")
    save(Key="k")  #? s3.PutObject Bucket=partial Key=k
    tagged = partial(tag, "tagged")
    for record in event["Records"]:
        tagged(record["key"])
    retry(lambda: s3.list_object_versions(Bucket="v"))  #? s3.ListObjectVersions Bucket=v
    copy("source")
    asyncio.run(many(event["keys"]))
    with ThreadPoolExecutor(max_workers=4) as pool:
        pool.map(lambda key: s3.restore_object(Bucket="cold", Key=key), event["keys"])  #? s3.RestoreObject Bucket=cold Key=?
        futures = [pool.submit(s3.head_object, Bucket="pool", Key=key) for key in event["keys"]]  #? s3.HeadObject Bucket=pool Key=?
        for future in as_completed(futures):
            future.result()
    list(filter(lambda b: s3.get_bucket_acl(Bucket=b), ["filtered"]))  #? s3.GetBucketAcl Bucket=filtered
    sorted(NAMES, key=lambda name: s3.get_bucket_location(Bucket="sorted"))  #? s3.GetBucketLocation Bucket=sorted
    list(starmap(lambda b, k: s3.get_object_acl(Bucket=b, Key=k), [("star", "k")]))  #? s3.GetObjectAcl Bucket=star Key=k
    compose(str, lambda name: s3.get_bucket_policy(Bucket=name))("composed")  #? s3.GetBucketPolicy Bucket=composed
    for name in chain(["c1"], ["c2"]):
        s3.get_bucket_tagging(Bucket=name)  #? s3.GetBucketTagging Bucket=c1 & s3.GetBucketTagging Bucket=c2
