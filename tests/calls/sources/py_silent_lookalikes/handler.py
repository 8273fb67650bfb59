import json
import logging

import redis

logger = logging.getLogger()
cache = redis.Redis()


class Client:
    def get_object(self, **kwargs):
        return {}

    def publish(self, **kwargs):
        return {}


def handler(event, context):
    client = Client()
    client.get_object(Bucket="b", Key="k")
    client.publish(TopicArn="t", Message="m")
    cache.publish("channel", "message")
    copy = dict(event).copy()
    event["client"].put_item(TableName="t", Item={})
    logger.info(json.dumps(copy))
    return copy
