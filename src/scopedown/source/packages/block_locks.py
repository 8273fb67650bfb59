"""Lock files of Yarn and pnpm, read line by line.

They are written by programs, in block style with two spaces a level (yarn.lock of version 1 in a notation of its own
that looks alike), and may have a megabyte: a YAML parser would take seconds. No anchor or alias is followed. What is
written otherwise leaves its package open.

Yarn: https://yarnpkg.com/advanced/lexicon#lockfile and https://classic.yarnpkg.com/lang/en/docs/yarn-lock/; pnpm:
https://github.com/pnpm/spec/tree/master/lockfile (versions 5, 6 and 9).
"""

from __future__ import annotations

import re
from typing import Final

from scopedown.source.packages.lock import Builder, Lock
from scopedown.source.packages.npm_locks import is_public

_NEEDED: Final = ("dependencies",)
_USED: Final = ("optionalDependencies", "peerDependencies", "peerDependenciesMeta")
_ENTRY: Final = re.compile(r"""^(?:"([^"]*)"|'([^']*)'|([^\s:"']+|[^\s"']*[^\s:"']))\s*:?(?:\s+(.*))?$""")
_MAX_LINE: Final = 20_000
_VERSION: Final = re.compile(r"^lockfileVersion:\s*['\"]?(\d+)", re.MULTILINE)
_TARBALL: Final = re.compile(r"    resolution: \{.*\btarball: ['\"]?([^,'\"}]+)")
_REGISTRY_RANGE: Final = re.compile(r"^(?:npm:|patch:|virtual:|[^:/]*$)")


def yarn_lock(text: str) -> Lock:
    """yarn.lock of any version. Raises ValueError for what is none."""
    if "\n__metadata:" not in text and "yarn lockfile v1" not in text[:1000] and text.strip():
        raise ValueError("not a lock file of Yarn")
    built = Builder()
    names: tuple[str, ...] = ()
    section = ""
    among_public = False
    others: dict[str, None] = {}
    for line in text.splitlines():
        if not line or line[0] == "#":
            continue
        if line[0] != " ":
            names = _yarn_package(built, line)
            section = ""
        elif not names or line.startswith("      "):
            continue
        elif line.startswith("    "):
            if section:
                _take(built, names, section, line)
        else:
            section = _section(built, names, line)
            if line.startswith("  resolution:"):
                real = _name_of(line.partition(":")[2].strip().strip("\"'"))
                _alias(built, names, real)
            elif line.startswith("  resolved "):
                address = line.partition(" resolved ")[2].strip("\"' ")
                among_public = among_public or is_public(address)
                others |= {} if is_public(address) else dict.fromkeys(names)
    for name in others if among_public else ():  # the team's own, which may use an SDK that Lambda brings
        built.add(name, own=True)
    return built.lock()


def _yarn_package(built: Builder, line: str) -> tuple[str, ...]:
    """The names of an entry: ``"a@^1.0", "a@^1.1":`` or ``"a@npm:^1.0, a@npm:^1.1":``."""
    if line.startswith("__metadata") or len(line) > _MAX_LINE:
        return ()
    names: dict[str, None] = {}
    for descriptor in line.rstrip().removesuffix(":").replace('"', "").split(","):
        name = _name_of(descriptor.strip())
        wanted = descriptor.strip()[len(name) + 1 :]
        if not name:
            continue
        built.add(name, own=not _REGISTRY_RANGE.match(wanted))
        names[name] = None
        if wanted.startswith("npm:") and "@" in wanted[5:]:
            real = _name_of(wanted[4:])
            _alias(built, (name,), real)
            names[real] = None
    return tuple(names)


def _alias(built: Builder, names: tuple[str, ...], real: str) -> None:
    for name in names:
        if real and name != real:
            built.add(name, (real,))
            built.add(real)


def pnpm_lock(text: str) -> Lock:
    """pnpm-lock.yaml. Raises ValueError for what is none."""
    version = _VERSION.search(text[:4000])
    if version is None:
        raise ValueError("not a lock file of pnpm")
    early = int(version[1]) < 6
    built = Builder()
    names: tuple[str, ...] = ()
    inside = False
    section = ""
    for line in text.splitlines():
        if not line or line[0] == "#":
            continue
        if line[0] != " ":
            inside = line.startswith(("packages:", "snapshots:"))
            names = ()
        elif not inside or line.startswith("        "):
            continue
        elif line.startswith("      "):
            if section and names:
                _take(built, names, section, line, pnpm=True)
        elif line.startswith("    "):
            if not names and line.startswith("    name:"):  # of a key that is an address
                names = (line.partition(":")[2].strip().strip("\"'"),)
                built.add(names[0], own=True)
            if names and (address := _TARBALL.match(line)) and not is_public(address[1]):
                built.add(names[0], own=True)  # of a registry that is not the default one
            section = _section(built, names, line) if names else ""
        else:
            names = _pnpm_package(built, line, early)
            section = ""
    return built.lock()


def _pnpm_package(built: Builder, line: str, early: bool) -> tuple[str, ...]:
    """``/a/1.0.0_b@2:`` (5), ``/a@1.0.0(b@2):`` (6), ``'@s/a@1.0.0(b@2)':`` (9); none where it is an address."""
    key = line.strip().removesuffix("{}").rstrip().removesuffix(":").strip("\"'")
    if not key.startswith("/") and (early or (key.partition("(")[0].find("@", 1) < 0) or "/" in key.partition("@")[0]):
        return ()
    key = key.removeprefix("/")
    if early:
        pieces = key.split("/")
        name = "/".join(pieces[:2] if key.startswith("@") else pieces[:1])
        own = False
    else:
        name = _name_of(key)
        own = ":" in key[len(name) :].partition("(")[0]
    built.add(name, own=own)
    return (name,)


def _section(built: Builder, names: tuple[str, ...], line: str) -> str:
    """The section that a line begins whose entries matter; empty for any other."""
    key, colon, rest = line.strip().partition(":")
    if not colon or key not in (*_NEEDED, *_USED):
        return ""
    if rest.strip() not in ("", "{}"):
        for name in names:
            built.leave_open(name)
    return key


def _take(built: Builder, names: tuple[str, ...], section: str, line: str, pnpm: bool = False) -> None:
    """An entry of a section: ``name: version`` or ``name "version"``."""
    found = _ENTRY.match(line.strip())
    if found is None:
        for name in names:
            built.leave_open(name)
        return
    wanted = found[1] or found[2] or found[3]
    many: tuple[str, ...] = (wanted,)
    if pnpm and section in ("dependencies", "optionalDependencies"):
        value = (found[4] or "").strip("\"'").partition("(")[0]
        if value.startswith("/") or (value.find("@", 1) > 0 and "_" not in value[: value.find("@", 1)]):
            real = _pnpm_target(value)
            many = (wanted, real)
            built.add(wanted, (real,))
    for name in names:
        if section in _NEEDED:
            built.add(name, many)
        else:
            built.add(name, (), many)


def _pnpm_target(value: str) -> str:
    value = value.removeprefix("/")
    at = value.find("@", 1)
    if at > 0 and "_" not in value[:at]:
        return value[:at]
    pieces = value.split("/")
    return "/".join(pieces[:2] if value.startswith("@") else pieces[:1])


def _name_of(descriptor: str) -> str:
    """``@scope/name`` of ``@scope/name@^1.0``."""
    at = descriptor.find("@", 1)
    return descriptor if at < 0 else descriptor[:at]
