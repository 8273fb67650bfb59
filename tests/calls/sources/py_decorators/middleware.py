import functools
import inspect

import boto3


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print(args)
        return function(*args, **kwargs)

    return wrapper


def timed(name):
    def decorate(function):
        def wrapper(event, context, **kwargs):
            boto3.client("cloudwatch").put_metric_data(Namespace=name, MetricData=[])  #? cloudwatch.PutMetricData Namespace=handler
            return function(event, context, **kwargs)

        return wrapper

    return decorate


def inject_table(name):
    table = boto3.resource("dynamodb").Table(name)

    def decorate(function):
        @functools.wraps(function)
        def wrapper(event, context):
            return function(event, context, table=table)

        return wrapper

    return decorate


def with_client(service, keyword=False):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            client = boto3.client(service)
            if keyword:
                return function(*args, client=client, **kwargs)
            return function(client, *args, **kwargs)

        return wrapper

    return decorate


class Middleware:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)
