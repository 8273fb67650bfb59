"""Notes what is asked of the mocks and fakes with which tests replace boto3, its clients and its resources.

What is replaced says what the replacement means: boto3 itself, what makes a client, a client, a resource, a method.
A mock's own name for what is asked of it (``client().get_object``) leads from there to the operation. Where the same
mock is given for several services, the call is one of theirs. Of a mock that replaces nothing (one that is passed to a
function) a call counts whose name and parameters are those of an operation: ``SCOPEDOWN_OPERATIONS`` lists them.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

# What methods that botocore adds to its clients ask.
# Source: https://boto3.amazonaws.com/v1/documentation/api/latest/reference/customizations/s3.html
_TRANSFERS = {
    "upload_file": "PutObject", "upload_fileobj": "PutObject", "download_file": "GetObject",
    "download_fileobj": "GetObject", "copy": "CopyObject",
}  # fmt: skip
_NAMED = ("get_paginator", "generate_presigned_url")
"""Methods whose first argument names an operation."""


@dataclass(frozen=True)
class Role:
    """What a mock stands for: ``boto3``, ``session`` (its class), ``client`` and ``resource`` (what makes one),
    ``made`` (a client or a resource of ``services``, and the names that lead to one of its parts)."""

    kind: str
    services: frozenset[tuple[str, str]] = frozenset()
    path: tuple[str, ...] = ()


_roles: dict[int, Role] = {}
_kept: list[Any] = []
"""The objects of ``_roles``, so that no other gets the id of one."""
_note: Callable[[Iterable[tuple[str, str]]], None] = lambda calls: None  # noqa: E731
_mock: ModuleType | None = None


def watch_mocks(module: ModuleType, note: Callable[[Iterable[tuple[str, str]]], None]) -> None:
    """Changes ``unittest.mock``: what is patched gets its role, and calls are noted."""
    global _note, _mock
    _note, _mock = note, module
    enter, call = module._patch.__enter__, module.CallableMixin.__call__

    def entered(self: Any) -> Any:
        result = enter(self)
        _replaced(self.temp_original, self.target, self.attribute)
        return result

    def called(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        role = _role(self)
        if role is not None:
            _asked(role, args, kwargs)
        elif kwargs and not args:
            alike = {
                (service, name)
                for service, name, members in _by_method().get(vars(self).get("_mock_new_name"), ())
                if members.issuperset(kwargs)
            }
            if alike:
                _note(alike)
        result = call(self, *args, **kwargs)
        after = role and _given(role, args, kwargs)
        return result if after is None else _follow(result, after)

    module._patch.__enter__ = entered
    module.CallableMixin.__call__ = called


def watch_monkeypatch(module: ModuleType) -> None:
    """Changes pytest's ``monkeypatch`` in the same way."""
    original = module.MonkeyPatch.setattr

    def setattr(self: Any, target: Any, name: Any, *rest: Any, **more: Any) -> None:
        owner, attribute = target, name
        if isinstance(target, str):
            attribute, owner = module.derive_importpath(target, False)
        before = getattr(owner, attribute, None)
        original(self, target, name, *rest, **more)
        _replaced(before, owner, attribute)

    module.MonkeyPatch.setattr = setattr


def _replaced(original: Any, owner: Any, attribute: str) -> None:
    """A new value is in ``owner.attribute``."""
    role = _meaning(original)
    new = getattr(owner, attribute, None)
    if role is not None and new is not None and new is not original:
        followed = _follow(new, role)
        if followed is not new:
            setattr(owner, attribute, followed)


def _meaning(original: Any) -> Role | None:
    """The role of what one of botocore's or boto3's own objects is replaced by."""
    if id(original) in _roles:
        return _roles[id(original)]
    boto3 = sys.modules.get("boto3")
    if original is boto3 and isinstance(boto3, ModuleType):
        return Role("boto3")
    module, name = getattr(original, "__module__", None), getattr(original, "__name__", None)
    if isinstance(original, type):
        return Role("session") if module == "boto3.session" and name == "Session" else None
    if isinstance(module, str) and module.split(".")[0] == "boto3" and name in ("client", "resource"):
        return Role(str(name))
    owner = getattr(original, "__self__", None)
    if owner is not None and isinstance(name, str) and (made := _made(owner)):
        return replace(made, path=(*made.path, name))
    return _made(original)


def _made(thing: Any) -> Role | None:
    """The role of a client or a resource."""
    names = {f"{one.__module__}.{one.__name__}" for one in type(thing).__mro__}
    if "botocore.client.BaseClient" in names:
        return Role("made", frozenset({("client", thing.meta.service_model.service_name)}))
    if "boto3.resources.base.ServiceResource" in names:
        kind = thing.meta.resource_model.name
        services = frozenset({("resource", thing.meta.service_name)})
        return Role("made", services, () if kind == thing.meta.service_name else (kind,))
    return None


def _role(mock: Any) -> Role | None:
    """What a mock stands for, by its own role or those of what it is part of."""
    known = _roles.get(id(mock))
    if known is not None:
        return known
    boto3 = sys.modules.get("boto3")
    if mock is boto3:
        return Role("boto3")
    for name in ("client", "resource"):
        if isinstance(boto3, ModuleType) and mock is vars(boto3).get(name):
            return Role(name)
    names = vars(mock)
    parent, name = names.get("_mock_new_parent"), names.get("_mock_new_name")
    whole = None if parent is None or not name else _role(parent)
    if whole is None:
        return None
    return _given(whole, (), {}) if name == "()" else _part(whole, name)


def _part(role: Role, name: str) -> Role | None:
    if role.kind == "boto3":
        kinds = {"client": "client", "resource": "resource", "Session": "session", "session": "boto3"}
        return Role(kinds[name]) if name in kinds else None
    return replace(role, path=(*role.path, name)) if role.kind == "made" else None


def _given(role: Role, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Role | None:
    """The role of what a call of something gives."""
    if role.kind == "session":
        return Role("boto3")
    if role.kind in ("client", "resource"):
        service = args[0] if args else kwargs.get("service_name")
        return Role("made", frozenset({(role.kind, service)})) if isinstance(service, str) else None
    return role if role.kind == "made" else None


def _follow(value: Any, role: Role) -> Any:
    """Keeps the role of a value; a function and a namespace become ones that note their calls."""
    if _mock is not None and isinstance(value, _mock.NonCallableMock):
        earlier = _roles.get(id(value))
        if earlier is not None and earlier.kind == role.kind == "made" and earlier.path == role.path:
            role = replace(role, services=role.services | earlier.services)
        _roles[id(value)] = role
        _kept.append(value)
        return value
    if isinstance(value, types.FunctionType | types.MethodType | functools.partial):
        return _noting(value, role)
    if isinstance(value, type):
        return _noting(value, role) if role.kind == "session" else value
    if isinstance(value, ModuleType) or _made(value) is not None or value is None:
        return value
    if type(value).__module__ in ("builtins", "io", "botocore.stub"):
        return value
    if isinstance(value, types.SimpleNamespace):
        for name, one in vars(value).items():
            part = _part(role, name)
            if part is not None:
                setattr(value, name, _follow(one, part))
        return value
    return _watched(value, role)


def _noting(function: Callable[..., Any], role: Role) -> Callable[..., Any]:
    def noted(*args: Any, **kwargs: Any) -> Any:
        _asked(role, args, kwargs)
        result = function(*args, **kwargs)
        after = _given(role, args, kwargs)
        return result if after is None else _follow(result, after)

    return noted


def _watched(value: Any, role: Role) -> Any:
    """A fake of the test's own, whose methods note their calls."""
    cls = type(value)
    if cls.__dict__.get("_scopedown_watched"):
        return value

    def __getattribute__(self: Any, name: str) -> Any:
        found = cls.__getattribute__(self, name)
        part = None if name.startswith("_") else _part(role, name)
        return found if part is None or not callable(found) else _follow(found, part)

    try:
        value.__class__ = type(cls.__name__, (cls,), {"__getattribute__": __getattribute__, "_scopedown_watched": True})
    except (TypeError, AttributeError):
        return value
    return value


def _asked(role: Role, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if role.kind == "made" and role.path:
        first = args[0] if args else kwargs.get("operation_name", kwargs.get("ClientMethod"))
        calls = {
            (service, one) for kind, service in role.services for one in _operations(kind, service, role.path, first)
        }
        if calls:
            _note(calls)


def _operations(kind: str, service: str, path: tuple[str, ...], first: object) -> Iterator[str]:
    """The operations that the last name of a path may ask."""
    name = path[-1]
    clients, actions = _client_methods(service), _resource_methods(service)
    if kind == "client" or (len(path) > 1 and path[-2] == "client"):
        asked = first if name in _NAMED else name
        if asked in clients:
            yield clients[str(asked)]
        elif service == "s3" and name in _TRANSFERS:
            yield _TRANSFERS[name]
        return
    if service == "s3" and name in _TRANSFERS:
        yield _TRANSFERS[name]
    elif name == "batch_writer":
        yield "BatchWriteItem"
    elif name not in ("Table", "Bucket", "Object", "Queue", "Topic"):
        places = [(place, operation) for place, one, operation in actions if one == name]
        near = [operation for place, operation in places if place in path[:-1]]
        yield from near or (operation for _, operation in places)


@functools.cache
def _by_method() -> dict[str, list[tuple[str, str, frozenset[str]]]]:
    """The operations of every Python method: service, name and parameters."""
    found: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    file = os.environ.get("SCOPEDOWN_OPERATIONS")
    if file:
        for method, service, name, members in json.loads(Path(file).read_text("utf-8")):
            found.setdefault(method, []).append((service, name, frozenset(members)))
    return found


@functools.cache
def _client_methods(service: str) -> dict[str, str]:
    try:
        from botocore import xform_name
        from botocore.session import get_session

        return {xform_name(one): one for one in get_session().get_service_model(service).operation_names}
    except Exception:  # A service without a model, or botocore itself is a mock.
        return {}


@functools.cache
def _resource_methods(service: str) -> list[tuple[str, str, str]]:
    """What a service's resources can do: the name of the resource or collection, the method, the operation."""
    try:
        from botocore import xform_name
        from botocore.session import get_session

        loader = get_session().get_component("data_loader")
        loader.search_paths.extend(str(Path(one, "boto3/data")) for one in sys.path)
        model = loader.load_service_model(service, "resources-1")
    except Exception:  # A service without resources, or botocore itself is a mock.
        return []
    found = []
    for place, shape in [("", model["service"]), *model["resources"].items()]:
        for name, action in shape.get("actions", {}).items():
            found.append((place, xform_name(name), action["request"]["operation"]))
        if "load" in shape:
            found += [(place, one, shape["load"]["request"]["operation"]) for one in ("load", "reload")]
        for name, many in shape.get("hasMany", {}).items():
            for one in ("all", "filter", "limit", "page_size", "pages"):
                found.append((xform_name(name), one, many["request"]["operation"]))
            for batch, action in model["resources"].get(many["resource"]["type"], {}).get("batchActions", {}).items():
                found.append((xform_name(name), xform_name(batch), action["request"]["operation"]))
    return found
