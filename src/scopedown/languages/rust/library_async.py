"""Crates that run what they are given: tokio, futures, once_cell, and their like.

https://docs.rs/tokio, https://docs.rs/futures, https://docs.rs/once_cell, https://docs.rs/lazy_static,
https://docs.rs/async-once-cell, https://docs.rs/parking_lot, https://docs.rs/arc-swap, https://docs.rs/dashmap. What is
awaited is what it gives, so a task is the value of its block.
"""

from __future__ import annotations

from typing import Final

from scopedown.calls.values import Object, Sequence, Value
from scopedown.languages.rust.natives import (
    Body,
    Cell,
    Function,
    Item,
    Lazy,
    first,
    gives_first,
    held_inside,
    last,
    runs_first,
)

LANGUAGE = "rust"
PACKAGES = (
    "tokio", "futures", "futures_util", "once_cell", "async_once_cell", "parking_lot", "arc_swap", "dashmap",
    "tokio_stream", "async_std", "smol", "async_lazy", "async_once", "indexmap", "hashbrown", "pollster", "tokio_util",
    "futures_lite",
)  # fmt: skip

_TRANSPARENT: Final = """
    Compat Handle abortable block_on from iter join3 join_all maybe_done ready select_all shared spawn spawn_local
    try_join try_join_all unconstrained
"""
_GIVES_FIRST: Final = frozenset(_TRANSPARENT.split())
_GIVES_LAST: Final = frozenset({"timeout", "timeout_at", "interval_at", "sleep_until"})
_RUNS: Final = frozenset({"spawn_blocking", "block_in_place", "poll_fn", "lazy", "unblock", "repeat_with"})
_BOXES: Final = frozenset({"Mutex", "RwLock", "ArcSwap", "ArcSwapOption", "Arc", "ReentrantMutex", "FairMutex"})
_MAPS: Final = frozenset({"DashMap", "IndexMap", "HashMap"})


def module(name: str) -> Value | None:
    """What a path into one of the crates means."""
    parts = name.split(".")
    last_part, written = parts[-1], "::".join(parts)
    if last_part in ("OnceCell", "OnceBox", "OnceNonZeroUsize"):
        return _made(written, lambda site, run: Cell())
    if last_part in ("Lazy", "AsyncOnce", "LazyLock"):
        return _made(written, lambda site, run: Lazy(first(site)))
    if last_part in _BOXES:
        return _made(written, held_inside)
    if last_part in _MAPS:
        return _made(written, lambda site, run: Object())
    if last_part in ("IndexSet", "HashSet", "DashSet", "FuturesUnordered", "JoinSet", "FuturesOrdered"):
        return _made(written, lambda site, run: Sequence())
    if last_part in _GIVES_FIRST:
        return gives_first(written)
    if last_part in _GIVES_LAST:
        return Function(written, lambda site, run: last(site))
    if last_part in _RUNS:
        return runs_first(written)
    if last_part == "Runtime" or "runtime" in parts:
        return _runtime(written)
    return Item(written, {**{one: gives_first(one) for one in _GIVES_FIRST}, **{one: runs_first(one) for one in _RUNS}})


def _made(name: str, body: Body) -> Item:
    """A type whose constructors all give the same."""
    constructors = ("new", "const_new", "default", "from", "from_value", "with_capacity", "from_pointee", "new_with")
    return Item(name, {one: Function(one, body) for one in constructors})


def _runtime(name: str) -> Item:
    """``Runtime::new()?.block_on(future)``: the methods of a runtime are those of every value."""
    return Item(name, {one: Function(one, lambda site, run: _runtime(name)) for one in _BUILDERS} | _RUNTIME)


_BUILDERS: Final = (
    "new", "builder", "new_current_thread", "new_multi_thread", "enable_all", "worker_threads", "build", "current",
    "handle", "unwrap", "expect", "enable_time", "enable_io", "thread_stack_size", "thread_name", "try_current",
)  # fmt: skip
_RUNTIME: Final = {
    "block_on": gives_first("block_on"), "spawn": gives_first("spawn"), "spawn_blocking": runs_first("spawn_blocking"),
}  # fmt: skip
