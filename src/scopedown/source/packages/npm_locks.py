"""Lock files of npm and Bun, which are JSON.

npm: https://docs.npmjs.com/cli/configuring-npm/package-lock-json (``packages`` of versions 2 and 3, ``dependencies`` of
version 1). Bun: https://bun.sh/docs/install/lockfile (JSON with trailing commas).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.source.packages.lock import Builder, Lock

_ELSEWHERE: Final = re.compile(
    r"^(?:git|file|link|github|gitlab|bitbucket|workspace|ssh|root|portal)\b[^/]*[:@]|^git\+"
)
"""A package that is in no registry: a folder, a repository."""
_PUBLIC: Final = re.compile(r"^https?://registry\.(?:npmjs|yarnpkg)\.[a-z]+/")
_TRAILING: Final = re.compile(r",(?=\s*[}\]])")
_MAX_DEPTH: Final = 100


def package_lock(text: str) -> Lock:
    """package-lock.json or npm-shrinkwrap.json. Raises ValueError, TypeError or AttributeError for anything else."""
    data = json.loads(text)
    built = Builder()
    packages = data.get("packages")
    if isinstance(packages, dict):
        among_public = any(map(_is_public, packages.values()))
        for path, entry in packages.items():
            if path:
                _installed(built, path, entry, among_public)
        return built.lock()
    for name, entry in data.get("dependencies", {}).items():
        if isinstance(entry.get("version"), str):
            built.versions[name] = entry["version"]
    _version_1(built, data.get("dependencies", {}), 0, any(map(_is_public, data.get("dependencies", {}).values())))
    return built.lock()


def _is_public(entry: Any) -> bool:
    return isinstance(entry, dict) and is_public(str(entry.get("resolved")))


def _is_of_another(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("resolved"), str) and not _is_public(entry)


def is_public(address: str) -> bool:
    """Whether a package's address is in the public registry."""
    return _PUBLIC.match(address) is not None


def _installed(built: Builder, path: str, entry: Mapping[str, Any], among_public: bool) -> None:
    """An entry of ``packages``. Where others are of the public registry (``among_public``), one of another address is
    the team's own: it may well use an SDK that Lambda brings, and not say so."""
    head, installed, name = path.rpartition("node_modules/")
    real = entry.get("name")
    resolved = entry.get("resolved")
    own = not installed or _is_elsewhere(resolved)
    own = own or (among_public and _is_of_another(entry))
    if not installed:
        name = real if isinstance(real, str) else path.rpartition("/")[2]
    if entry.get("link") is True:
        built.add(name, own=True)
        return
    if installed and not head and isinstance(entry.get("version"), str):
        built.versions[name] = entry["version"]
    optional = {
        one for one, about in _of(entry, "peerDependenciesMeta") if isinstance(about, dict) and about.get("optional")
    }
    peers = set(_names(entry, "peerDependencies"))
    needs = [*_names(entry, "dependencies")]
    uses = [*_names(entry, "optionalDependencies"), *sorted(peers), *sorted(optional)]
    built.add(name, needs, uses, own)
    if isinstance(real, str) and real != name:
        built.add(name, (real,))  # an alias: npm install name@npm:real
        built.add(real, needs, uses, own)


def _version_1(built: Builder, dependencies: Mapping[str, Any], depth: int, among_public: bool) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    for name, entry in dependencies.items():
        version = entry.get("version")
        own = _is_elsewhere(version) or (among_public and _is_of_another(entry))
        built.add(name, _names(entry, "requires"), (), own)
        if isinstance(version, str) and version.startswith("npm:"):
            real = version[4:].rpartition("@")[0]
            built.add(name, (real,))
            built.add(real)
        inner = entry.get("dependencies")
        if isinstance(inner, dict):
            _version_1(built, inner, depth + 1, among_public)


def bun_lock(text: str) -> Lock:
    """bun.lock. Raises ValueError, TypeError, AttributeError or IndexError for anything else."""
    try:
        data = json.loads(text)
    except ValueError:
        data = json.loads(_TRAILING.sub("", text))
    built = Builder()
    for key, entry in data["packages"].items():
        name, _, version = _split(entry[0])
        about = next((one for one in entry if isinstance(one, dict)), {})
        own = _is_elsewhere(version)
        needs = [*_names(about, "dependencies")]
        uses = [*_names(about, "optionalDependencies"), *_names(about, "peerDependencies")]
        built.add(name, needs, uses, own)
        if key == name:
            built.versions[name] = version
        elif not key.endswith("/" + name):
            alias = (
                "/".join(key.split("/")[-2:])
                if "@" in key.rpartition("/")[0].rpartition("/")[2]
                else key.rpartition("/")[2]
            )
            built.add(alias, (name,), (), own)
    return built.lock()


def _split(identity: str) -> tuple[str, str, str]:
    """``@scope/name@1.0.0`` at the sign before the version."""
    at = identity.find("@", 1)
    return (identity, "", "") if at < 0 else (identity[:at], "@", identity[at + 1 :])


def _is_elsewhere(written: object) -> bool:
    return isinstance(written, str) and _ELSEWHERE.match(written) is not None


def _of(entry: Mapping[str, Any], section: str) -> Iterator[tuple[str, Any]]:
    found = entry.get(section)
    if isinstance(found, dict):
        yield from found.items()


def _names(entry: Mapping[str, Any], section: str) -> Iterator[str]:
    return (name for name, _ in _of(entry, section))
