"""Gemfile.lock of Bundler and composer.lock of Composer.

Bundler: https://bundler.io/man/bundle-lock.1.html, written by bundler's lib/bundler/lockfile_generator.rb: sections in
capital letters, below ``specs:`` gems with their versions, below each what it requires. Composer:
https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control: JSON with the packages
and what each requires.
"""

from __future__ import annotations

import json
import re
from typing import Final

from scopedown.source.packages.lock import Builder, Lock

_GEM: Final = re.compile(r"^    ([A-Za-z0-9][\w.-]*) \(([^)]*)\)$")
_NEEDED: Final = re.compile(r"^      ([A-Za-z0-9][\w.-]*)")
_SECTION: Final = re.compile(r"^[A-Z][A-Z ]+$")
_OF_PLATFORM: Final = re.compile(r"^(?:php|hhvm|composer|ext-|lib-|php-|composer-)", re.IGNORECASE)
"""Requirements that are no packages (https://getcomposer.org/doc/01-basic-usage.md#platform-packages)."""
_PUBLIC: Final = ("https://rubygems.org", "http://rubygems.org")


def gem_lock(text: str) -> Lock:
    """Gemfile.lock. Raises ValueError for what is none."""
    if not re.search(r"^(?:GEM|PATH|GIT)$", text, re.MULTILINE):
        raise ValueError("not a lock file of Bundler")
    built = Builder()
    section, current, public = "", "", True
    for line in text.splitlines():
        if _SECTION.match(line):
            section, current, public = line, "", True
        elif line.startswith("  remote: ") and section == "GEM":
            public = line[len("  remote: ") :].startswith(_PUBLIC)
        elif section not in ("GEM", "PATH", "GIT", "PLUGIN SOURCE"):
            continue
        elif (gem := _GEM.match(line)) is not None:
            current = gem[1]
            built.add(current, own=section != "GEM" or not public)
            built.versions[current] = gem[2].partition("-")[0]
        elif current and (needed := _NEEDED.match(line)) is not None:
            built.add(current, needs=(needed[1],))
    return built.lock()


def composer_lock(text: str) -> Lock:
    """composer.lock. Raises ValueError for what is none."""
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("packages"), list):
        raise ValueError("not a lock file of Composer")
    built = Builder()
    for package in [*data["packages"], *(data.get("packages-dev") or [])]:
        name = str(package["name"]).lower()
        required = package.get("require") or {}
        needs = [one.lower() for one in required if "/" in one and not _OF_PLATFORM.match(one)]
        kind = (package.get("dist") or {}).get("type")
        built.add(name, needs, own=kind == "path")
        for stood_for in (*(package.get("provide") or {}), *(package.get("replace") or {})):
            if "/" in stood_for:
                built.add(stood_for.lower(), (name,))
        built.versions[name] = str(package.get("version", "")).removeprefix("v")
    return built.lock()
