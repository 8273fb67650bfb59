import os

import boto3
import redis

cache = redis.Redis.from_url(os.environ["REDIS_URL"])
session = boto3.Session()


def handler(event, context):
    cache.publish("orders", event["body"])
    cache.copy("orders:1", "orders:2")
    cache.delete("orders:3")
    cache.scan(match="orders:*")
    with cache.pipeline() as pipe:
        pipe.get("a").put("b").execute()
    cache.pubsub().subscribe("orders")
    return cache.query("SELECT 1")
