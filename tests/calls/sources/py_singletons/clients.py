import functools

import boto3

_s3 = None
_memo = {}


def s3():
    global _s3
    if not _s3:
        _s3 = boto3.client("s3")
    return _s3


@functools.lru_cache(maxsize=None)
def cached(name):
    return boto3.client(name)


def memo(name):
    if name not in _memo:
        _memo[name] = boto3.client(name)
    return _memo[name]


class Registry:
    _instance = None

    def __new__(cls, *args):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.client = boto3.client("dynamodb")
        return cls._instance


class Clients:
    def __init__(self):
        self._clients = {}

    def get(self, name):
        client = self._clients.get(name)
        if client is None:
            client = boto3.client(name)
            self._clients[name] = client
        return client


registry = Clients()


class Holder:
    _one = None

    def __init__(self):
        self.events = boto3.client("events")

    @classmethod
    def instance(cls):
        if cls._one is None:
            cls._one = cls()
        return cls._one
