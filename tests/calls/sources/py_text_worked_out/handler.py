import os
import re

import boto3

s3 = boto3.client("s3")
WORD = re.compile(r"(?P<kind>\w+)-(\d+)")
stage = "Prod" if os.environ.get("PRODUCTION") else "Dev"
stages = ["b", "a", "c"]


def slug(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def handler(event, context):
    s3.head_bucket(Bucket="b-%03d" % 7)  #? s3.HeadBucket Bucket=b-007
    s3.head_bucket(Bucket="%(kind)s-%(number)02x%%" % {"kind": "a", "number": 10})  #? s3.HeadBucket Bucket=a-0a%
    s3.head_bucket(Bucket="%s-%s" % (os.environ["NAME"], 2))  #? s3.HeadBucket Bucket=env:NAME-2
    s3.head_bucket(Bucket="%5s" % os.environ["NAME"])  #? s3.HeadBucket Bucket=?
    s3.head_bucket(Bucket=f"b{7:03d}")  #? s3.HeadBucket Bucket=b007
    s3.head_bucket(Bucket=f"{'b':x>{2 + 1}}")  #? s3.HeadBucket Bucket=xxb
    s3.head_bucket(Bucket=f"{os.environ['NAME']!s}-{3!r}")  #? s3.HeadBucket Bucket=env:NAME-3
    s3.head_bucket(Bucket="{:>{width}}{!s:.2}".format("b", "abc", width=2).strip())  #? s3.HeadBucket Bucket=bab
    s3.head_bucket(Bucket="7".zfill(3) + "x".ljust(3, "y") + "z".rjust(2, "-"))  #? s3.HeadBucket Bucket=007xyy-z
    s3.head_bucket(Bucket="a/b/c".split(sep="/", maxsplit=1)[1])  #? s3.HeadBucket Bucket=b/c
    s3.head_bucket(Bucket="my_bucket".removeprefix("my_").partition("k")[0])  #? s3.HeadBucket Bucket=buc
    s3.head_bucket(Bucket=slug("Orders & Items"))  #? s3.HeadBucket Bucket=orders-items
    s3.head_bucket(Bucket=slug(f"{stage}_Orders"))  #? s3.HeadBucket Bucket=dev-orders|prod-orders
    s3.head_bucket(Bucket=re.sub("_", "-", "a_b_c", count=1))  #? s3.HeadBucket Bucket=a-b_c
    s3.head_bucket(Bucket=re.sub(r"(\w)_(\w)", r"\2-\1", "a_b"))  #? s3.HeadBucket Bucket=b-a
    s3.head_bucket(Bucket=re.sub(r"_(\w)", lambda found: found.group(1).upper(), "snake_case"))  #? s3.HeadBucket Bucket=snakeCase
    s3.head_bucket(Bucket=WORD.match("orders-12")["kind"] + WORD.search("a b-3").group(2))  #? s3.HeadBucket Bucket=orders3
    s3.head_bucket(Bucket=re.split(r"[./]", "a.b/c")[2] + re.findall(r"\d", "a1b2")[-1])  #? s3.HeadBucket Bucket=c2
    s3.head_bucket(Bucket=re.sub("(a+)+", "-", "aaab"))  #? s3.HeadBucket Bucket=?
    s3.head_bucket(Bucket=re.sub("a", "-", event["name"]))  #? s3.HeadBucket Bucket=?
    s3.head_bucket(Bucket="-".join(sorted(stages)))  #? s3.HeadBucket Bucket=a-b-c
    s3.head_bucket(Bucket=sorted({"b", "b", "a"})[0])  #? s3.HeadBucket Bucket=a|b
    s3.head_bucket(Bucket="".join(sorted(["bb", "a"], key=len, reverse=True)))  #? s3.HeadBucket Bucket=bba
    s3.head_bucket(Bucket="b" * 3 + str(7 - 2) + str(max(1, 2)) + str(abs(-3)) + chr(97))  #? s3.HeadBucket Bucket=bbb523a
    s3.head_bucket(Bucket="b" + "abc"[0] + "abc"[-1])  #? s3.HeadBucket Bucket=bac
    turned = ["a", "b"]
    turned.reverse()
    s3.head_bucket(Bucket=turned[0])  #? s3.HeadBucket Bucket=b
