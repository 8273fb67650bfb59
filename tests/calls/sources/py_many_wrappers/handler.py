import functools

import boto3

queue = boto3.client("sqs")


def named(name):
    def wrap(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            print(name)
            return function(*args, **kwargs)

        return inner

    return wrap


@named("a")
@named("b")
@named("c")
@named("d")
@named("e")
@named("f")
def handler(event, context):
    queue.purge_queue(QueueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/jobs")  #? sqs.PurgeQueue
