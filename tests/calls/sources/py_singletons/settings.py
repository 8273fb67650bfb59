import os
from functools import lru_cache

BUCKET = os.environ["BUCKET"]


class Settings:
    def __init__(self):
        self.queue = os.environ["QUEUE"]


@lru_cache
def current():
    return Settings()
