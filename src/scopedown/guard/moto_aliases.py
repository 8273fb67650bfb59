"""An alias of KMS stands for one key all through a request, also where somebody moves it in the meantime.

moto looks an alias up when it acts, after the guard has looked it up to ask for its key. In between another request may
move the alias to a key that the caller may not use. In: the thread that answers a request, in :func:`kept`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final

from moto.kms.models import KmsBackend

_FIND: Final[Callable[..., str | None]] = KmsBackend.get_key_id_from_alias
_CHANGES = ("create_alias", "update_alias", "delete_alias")


class _Found(threading.local):
    """The keys that this thread's request has found, by account, region and alias; None where none is answered."""

    keys: dict[tuple[str, str, str], str] | None = None


_found = _Found()


def patch_aliases() -> None:
    """For this process."""
    if KmsBackend.get_key_id_from_alias is not _FIND:
        return
    setattr(KmsBackend, "get_key_id_from_alias", _key_of)  # noqa: B010 - a method of moto's
    for name in _CHANGES:
        setattr(KmsBackend, name, _forgetting(getattr(KmsBackend, name)))


@contextmanager
def kept() -> Iterator[None]:
    """What this thread finds in here, it finds again."""
    _found.keys = {}
    try:
        yield
    finally:
        _found.keys = None


def _key_of(backend: KmsBackend, alias_name: str) -> str | None:
    place = backend.account_id, backend.region_name, alias_name
    if _found.keys is not None and place in _found.keys:
        return _found.keys[place]
    found = _FIND(backend, alias_name)
    if found and _found.keys is not None:
        _found.keys[place] = found
    return found


def _forgetting(change: Callable[..., Any]) -> Callable[..., Any]:
    """A request that changes an alias itself (a stack) finds it as it is then."""

    @wraps(change)
    def changed(*args: Any, **named: Any) -> Any:
        if _found.keys is not None:
            _found.keys.clear()
        return change(*args, **named)

    return changed
