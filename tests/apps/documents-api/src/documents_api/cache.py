"""A small cache in the memory of a warm function; its method names happen to be S3's."""

import time


class DocumentCache:
    def __init__(self, lifetime=60):
        self._lifetime = lifetime
        self._entries = {}

    def put_object(self, Bucket, Key, Body):
        self._entries[(Bucket, Key)] = (time.monotonic(), Body)

    def get_object(self, Bucket, Key):
        kept_at, body = self._entries.get((Bucket, Key), (0.0, None))
        if time.monotonic() - kept_at > self._lifetime:
            return None
        return body
