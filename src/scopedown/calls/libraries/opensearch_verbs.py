"""Which HTTP verb a method of an OpenSearch client sends, by its name.

Read from the sources of opensearch-py 3.2.0 (``client/*.py`` and ``plugins/*.py``: the verb of each
``perform_request``); the clients for JavaScript (@opensearch-project/opensearch 3.x) have the same methods in camel
case. OpenSearch Service authorises by verb
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html).
"""

from __future__ import annotations

import re

_CORE = (
    "cat cluster dangling_indices features http indices ingest ingestion insights list nodes remote remote_store "
    "search_pipeline security snapshot tasks wlm"
)
_PLUGINS = (
    "alerting asynchronous_search flow_framework geospatial index_management knn ltr ml neural notifications "
    "observability plugins ppl query replication rollups search_relevance security_analytics sm sql transforms ubi"
)
_NAMESPACES = frozenset(f"{_CORE} {_PLUGINS}".split())
"""Attributes of a client that hold further methods; a plugin's stand in ``plugins`` and on the client itself."""

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
_OTHERWISE: dict[str, dict[str, str]] = {
    "GET": {
        "alerting": "search_monitor",
        "asynchronous_search": "stats",
        "dangling_indices": "list_dangling_indices",
        "index_management": "explain_index",
        "insights": "top_queries",
        "knn": "stats warmup",
        "list": "help indices shards",
        "ltr": "cache_stats list_stores search_features search_featuresets search_models stats",
        "ml": "search_agentic_memory",
        "neural": "stats",
        "notifications": "list_channels list_features send_test",
        "observability": "list_objects",
        "query": "datasource_retrieve datasources_list",
        "replication": "autofollow_stats follower_stats leader_stats status",
        "rollups": "explain",
        "security": "authinfo config_upgrade_check health tenant_info validate who_am_i who_am_i_protected",
        "security_analytics": "search_finding_correlations",
        "sm": "explain_policy",
        "transforms": "explain search",
    },
    "POST": {
        "alerting": "create_destination create_monitor",
        "flow_framework": "create",
        "ltr": "create_model_from_set",
        "ml": (
            "create_connector create_controller create_memory create_memory_container "
            "create_memory_container_session create_message create_model_meta delete_agentic_memory_query"
        ),
        "notifications": "create_config",
        "observability": "create_object",
        "replication": "create_replication_rule",
        "sm": "create_policy",
    },
    "PUT": {
        "alerting": "update_destination update_monitor",
        "flow_framework": "update",
        "geospatial": "geojson_upload_put",
        "ml": (
            "update_agentic_memory update_connector update_controller update_memory "
            "update_memory_container update_message update_model update_model_group"
        ),
        "notifications": "update_config",
        "observability": "update_object",
        "query": "datasources_update",
        "replication": "start update_settings",
        "security": (
            "cache change_password reload_http_certificates reload_transport_certificates "
            "update_audit_configuration update_configuration update_distinguished_name"
        ),
        "sm": "update_policy",
        "sql": "settings",
        "wlm": "update_query_group",
    },
    "DELETE": {
        "query": "datasource_delete",
        "security": "flush_cache",
    },
}
"""What the beginnings below would have wrong, by verb and namespace: most of them the plugins' own."""
_BEGINNINGS = (
    ("exists", "HEAD"),
    ("get", "GET"),
    ("delete", "DELETE"),
    ("patch", "PATCH"),
    ("put", "PUT"),
    ("create", "PUT"),
    ("add_block", "PUT"),
)


def is_namespace(name: str) -> bool:
    """Whether an attribute of a client holds methods, in either style.

    >>> is_namespace("searchPipeline"), is_namespace("search")
    (True, False)
    """
    return _snake(name) in _NAMESPACES


def verbs(namespace: str, method: str) -> tuple[str, ...]:
    """The verbs of ``client.METHOD`` (``namespace`` is empty) or ``client.NAMESPACE.METHOD``, in either style.

    >>> verbs("", "search"), verbs("indices", "existsAlias"), verbs("ml", "create_connector")
    (('POST',), ('HEAD',), ('POST',))
    """
    space, name = _snake(namespace), _snake(method)
    if space == "cat":
        return ("GET",)
    for verb, spaces in _OTHERWISE.items():
        if name in spaces.get(space, "").split():
            return (verb,)
    known = _EXACT.get(f"{space}.{name}" if space else name) or _EXACT.get(name)
    if known is not None:
        return known
    return next(((verb,) for beginning, verb in _BEGINNINGS if name.startswith(beginning)), ("POST",))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
