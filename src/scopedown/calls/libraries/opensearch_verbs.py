"""Which HTTP verb a method of an OpenSearch client sends, by its name.

Read from the sources of opensearch-py 3.2.0 (``client/*.py``: the verb of each ``perform_request``); the clients for
JavaScript (@opensearch-project/opensearch 3.x) have the same methods in camel case. OpenSearch Service authorises by
verb (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html).
"""

from __future__ import annotations

import re

NAMESPACES = frozenset({"cat", "cluster", "http", "indices", "ingest", "nodes", "security", "snapshot", "tasks"})
"""Attributes of a client that hold further methods."""

_EXACT = {
    "bulk_stream": ("PUT",),
    "clear_scroll": ("DELETE",),
    "clone": ("PUT",),
    "cluster.health": ("GET",),
    "cluster.pending_tasks": ("GET",),
    "cluster.remote_info": ("GET",),
    "cluster.state": ("GET",),
    "cluster.stats": ("GET",),
    "create": ("PUT",),
    "create_pit": ("POST",),
    "delete_by_query": ("POST",),
    "delete_by_query_rethrottle": ("POST",),
    "exists_source": ("HEAD",),
    "http.delete": ("DELETE",),
    "http.get": ("GET",),
    "http.head": ("HEAD",),
    "http.patch": ("PATCH",),
    "http.post": ("POST",),
    "http.put": ("PUT",),
    "index": ("POST", "PUT"),
    "indices.data_streams_stats": ("GET",),
    "indices.recovery": ("GET",),
    "indices.resolve_index": ("GET",),
    "indices.segments": ("GET",),
    "indices.shard_stores": ("GET",),
    "indices.shrink": ("PUT",),
    "indices.split": ("PUT",),
    "indices.stats": ("GET",),
    "info": ("GET",),
    "ingest.processor_grok": ("GET",),
    "nodes.hot_threads": ("GET",),
    "nodes.info": ("GET",),
    "nodes.stats": ("GET",),
    "nodes.usage": ("GET",),
    "ping": ("HEAD",),
    "snapshot.status": ("GET",),
    "tasks.list": ("GET",),
}
_BEGINNINGS = (
    ("exists", "HEAD"),
    ("get", "GET"),
    ("delete", "DELETE"),
    ("patch", "PATCH"),
    ("put", "PUT"),
    ("create", "PUT"),
    ("add_block", "PUT"),
)


def verbs(namespace: str, method: str) -> tuple[str, ...]:
    """The verbs of ``client.METHOD`` (``namespace`` is empty) or ``client.NAMESPACE.METHOD``, in either style.

    >>> verbs("", "search"), verbs("indices", "existsAlias")
    (('POST',), ('HEAD',))
    """
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", method).lower()
    if namespace == "cat":
        return ("GET",)
    known = _EXACT.get(f"{namespace}.{name}" if namespace else name) or _EXACT.get(name)
    if known is not None:
        return known
    return next(((verb,) for beginning, verb in _BEGINNINGS if name.startswith(beginning)), ("POST",))
