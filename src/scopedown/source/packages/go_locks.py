"""go.sum: the modules that a build of Go may take, with digests of their contents (https://go.dev/ref/mod#go-sum-files).

It is a list without a graph: each module may be any other's requirement. A line that ends in ``/go.mod`` is of a
module of which only the requirements were read.
"""

from __future__ import annotations

import re
from typing import Final

from scopedown.source.packages.lock import Builder, Lock

_LINE: Final = re.compile(r"^(\S+) v(\S+) h1:\S+$", re.MULTILINE)
_MAJOR: Final = re.compile(r"/v\d+$")
_OWNED: Final = ("github.com/", "gitlab.com/", "bitbucket.org/", "golang.org/")
"""Hosts whose repositories have an owner and a name."""


def go_sum(text: str) -> Lock:
    """go.sum. Raises ValueError for what is none."""
    built = Builder()
    for module, version in _LINE.findall(text):
        if version.endswith("/go.mod"):
            continue
        name = _MAJOR.sub("", module)
        built.add(name)
        built.add("/".join(name.split("/")[: 3 if name.startswith(_OWNED) else 2]))
    if text.strip() and not _LINE.search(text):
        raise ValueError("not a list of modules")
    return built.lock(listed=True)
