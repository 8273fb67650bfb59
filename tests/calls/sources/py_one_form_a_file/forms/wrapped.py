import functools

import boto3


def with_client(service):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(boto3.client(service), *args, **kwargs)

        return inner

    return decorate


@with_client("ssm")
def parameter(client, name):
    return client.get_parameter(Name=name)  #? ssm.GetParameter Name=/wrapped


def run(event):
    parameter("/wrapped")
