"""One session, and a client of each service when it is first asked for."""

from functools import lru_cache

import boto3

session = boto3.session.Session()


@lru_cache(maxsize=32)
def client(service):
    return session.client(service)
