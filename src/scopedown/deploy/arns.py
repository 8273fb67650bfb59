"""ARN templates of table rows, filled for one resource.

``{Partition}``, ``{Region}``, ``{Account}``, ``{StackName}``, ``{Service}``, ``{Stage}`` are the target's;
``{physical}`` the resource's name, ``{arn}`` its own ARN; all else a path into its properties (as in
:mod:`~scopedown.deploy.when`), with ``=default`` where it may be missing. A path to several values gives several ARNs.
A value that is a whole ARN stands for a template that is nothing but that value, and is cut to its name inside of a
longer one. A template one of whose properties is missing gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from scopedown.deploy.when import values_at
from scopedown.project.model import DeclaredResource

if TYPE_CHECKING:
    from scopedown.deploy.names import Namer

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
TARGET = ("Partition", "Region", "Account", "StackName", "Service", "Stage")
OWN = ("physical", "arn")
_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+")


def fill(template: str, resource: DeclaredResource, namer: Namer, depth: int = 0) -> Iterator[str]:
    """The ARNs of a template, each once, in order."""
    pieces = PLACEHOLDER.split(template)
    choices: list[list[str]] = []
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            choices.append([piece])
            continue
        before, after = "".join(pieces[:number]), "".join(pieces[number + 1 :])
        found = list(_values(piece, resource, namer, depth))
        if before or after:
            found = [_inside(value, before, piece) for value in found]
        choices.append(list(dict.fromkeys(found)))
    yield from dict.fromkeys("".join(combination) for combination in product(*choices))


def paths_in(template: str) -> list[str]:
    """The properties that a template is filled from."""
    found = (piece.partition("=")[0] for piece in PLACEHOLDER.findall(template))
    return [path for path in found if path not in (*TARGET, *OWN)]


def _values(placeholder: str, resource: DeclaredResource, namer: Namer, depth: int) -> Iterator[str]:
    target = namer.target
    match placeholder:
        case "Partition":
            yield target.partition
        case "Region":
            yield target.region
        case "Account":
            yield target.account
        case "StackName":
            yield namer.stack(resource.logical_id)
        case "Service":
            yield target.service
        case "Stage":
            yield target.stage
        case "physical":
            yield namer.physical(resource, depth)
        case "arn":
            yield namer.arn(resource, depth)
        case _:
            path, has_default, default = placeholder.partition("=")
            trees = list(values_at(path, resource.properties))
            for tree in trees:
                yield namer.text(tree, resource.logical_id, depth) or "*"
            if not trees and has_default:
                yield default


def _inside(value: str, before: str, placeholder: str) -> str:
    """A value in the middle of an ARN: the name in it, where it is an ARN or a URL itself."""
    last = re.split(r"[:/]", before)[-2] if re.search(r"[:/].*[:/]$", before) else ""
    if before.endswith("key/") and (value.startswith("alias/") or ":alias/" in value):
        return "*"  # keys cannot be named by their alias in a Resource
    if value.startswith("https://") and before.count(":") == 5:
        return value.rpartition("/")[2]  # the URL of a queue
    if not _ARN.fullmatch(value):
        return value.partition(":")[0] if before.endswith(":function:") else value
    rest = value.split(":", 5)[5]
    if before.endswith(":") and before.count(":") == 5:  # arn:…:sqs:region:account:NAME
        return rest
    for separator in ("/", ":"):
        head, found, name = rest.partition(f"{last}{separator}")
        if last and found and head in ("", "/"):
            return name.partition(":")[0] if last == "function" else name
    return rest if placeholder == "physical" else re.split(r"[:/]", rest)[-1]
