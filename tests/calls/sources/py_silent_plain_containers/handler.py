from collections import Counter, OrderedDict, defaultdict, deque
from queue import Queue

import boto3

SEEN = set()


def handler(event, context):
    copy = event.copy()
    copy.get("Bucket")
    copy.pop("Key", None)
    copy.update(Bucket="b", Key="k")
    SEEN.add("a")
    SEEN.copy().discard("a")
    counts = Counter(event)
    counts.update(["a"])
    jobs = Queue()
    jobs.put("x")
    jobs.get()
    recent = deque(maxlen=3)
    recent.append(1)
    recent.copy().clear()
    ordered = OrderedDict(a=1)
    ordered.move_to_end("a")
    tables = defaultdict(dict)
    tables["t"].update(Item={})
    return [*copy, *counts, *ordered], boto3.NullHandler
