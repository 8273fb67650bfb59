"""Where Ruby's files are, and which gems a project has.

A function's program is the folder that its code is packaged from, with its layers. Which of the files are loaded, the
code itself says (``require``); names that nothing loads are looked for in all of them, as autoloaders do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Final

from scopedown.source.resolve.search_path import Ground
from scopedown.source.resolve.units import SKIPPED

DECLARES: Final = re.compile(
    rb"^(?:[ \t]*(?:class|module)[ \t]+(?:[A-Z]\w*::)*|[ \t]*(?=[A-Z]\w*[ \t]*=[^=>~])|def[ \t]+(?:self\.)?)"
    rb"([A-Za-z_]\w*[?!]?)",
    re.MULTILINE,
)
"""Classes and modules, constants, and the methods of the program."""
SKIPS: Final = SKIPPED | {"spec", "test", "tests", "features", "vendor", "bundle", "gems", "log", "tmp"}
"""Folders of tests and of installed gems."""

_WRITTEN_STANDARD: Final = """
    English abbrev base64 benchmark bigdecimal bundler cgi coverage csv date delegate did_you_mean digest drb
    enumerator erb error_highlight etc expect fcntl fiber fiddle fileutils find forwardable getoptlong io ipaddr irb
    json logger matrix minitest monitor mutex_m net nkf objspace observer open-uri open3 openssl optparse ostruct
    pathname pp prime prettyprint prism pstore psych pty racc random rbconfig rdoc readline reline resolv rexml
    rinda ripper rss ruby2_keywords rubygems securerandom set shellwords singleton socket stringio strscan syslog
    tempfile thread time timeout tmpdir tsort un unicode_normalize uri weakref webrick yaml zlib
"""
_STANDARD: Final = frozenset(_WRITTEN_STANDARD.split())
"""What Ruby brings along (https://docs.ruby-lang.org/en/3.3/standard_library_rdoc.html, and the default and bundled
gems of https://stdgems.org)."""
_PATHS: Final = {
    "active_support": "activesupport", "active_model": "activemodel", "active_record": "activerecord",
    "action_controller": "actionpack", "aws-sdk": "aws-sdk", "aws-record": "aws-record", "sinatra": "sinatra",
    "rack": "rack", "dotenv": "dotenv", "mini_magick": "mini_magick", "line/bot": "line-bot-api",
    "rspec": "rspec", "pg": "pg", "mysql2": "mysql2",
}  # fmt: skip
"""Gems whose files are not named like them, by how a path begins."""
_SPECS: Final = re.compile(r"^    ([A-Za-z0-9][\w.-]*) \(", re.MULTILINE)
"""A gem in a Gemfile.lock (https://bundler.io/man/gemfile.5.html)."""
_DECLARED: Final = re.compile(r"""^\s*gem[ \t(]+['"]([A-Za-z0-9][\w.-]*)['"]""", re.MULTILINE)


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The folder of the function's code, the folders of its layers, and that of a file which stands outside of them."""
    found = [ground.package, *ground.layers]
    path = ground.path(importer)
    if not any(path.startswith(root.rstrip(os.sep) + os.sep) for root in found):
        found.append(os.path.dirname(path))
    return tuple(dict.fromkeys(found))


def named(unit: object, qualified: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
    """Names of the program are asked of the running program (``program.py``)."""
    return None


def package_of(name: str) -> str | None:
    """The gem of a name: a gem's own, or the constant under which it keeps its classes.

    >>> package_of("aws-sdk-s3"), package_of("HTTParty")
    ('aws-sdk-s3', 'httparty')
    """
    first = name.partition("::")[0].partition("/")[0]
    return first if "-" in first or first.islower() else snake_case(first)


def snake_case(name: str) -> str:
    """A constant as its file is named.

    >>> snake_case("UserStore"), snake_case("HTTParty"), snake_case("S3Client")
    ('user_store', 'httparty', 's3_client')
    """
    parted = re.sub(r"([A-Z]+)([A-Z][a-z]+\w*[A-Z])", r"\1_\2", name)
    parted = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", parted)
    return parted.lower()


def is_standard(path: str) -> bool:
    """Whether ``require`` of a path loads what Ruby brings along."""
    return path.partition("/")[0] in _STANDARD or path.removesuffix(".rb").endswith("bundler/setup")


def gem_of(path: str, known: frozenset[str]) -> str:
    """The gem that a required path belongs to.

    >>> gem_of("google/cloud/storage", frozenset({"google-cloud-storage"})), gem_of("httparty", frozenset())
    ('google-cloud-storage', 'httparty')
    """
    parts = path.removesuffix(".rb").split("/")
    for length in range(len(parts), 0, -1):
        for separator in ("-", "_"):
            name = separator.join(parts[:length])
            if name in known:
                return name
    for start, gem in _PATHS.items():
        if path == start or path.startswith(start + "/"):
            return gem
    return parts[0]


def gems(ground: Ground, importer: str) -> frozenset[str]:
    """The gems that the nearest Gemfile.lock, or else the Gemfile, names."""
    return frozenset(_gems(ground, importer, "Gemfile.lock", _SPECS) or declared_gems(ground, importer))


def declared_gems(ground: Ground, importer: str) -> tuple[str, ...]:
    """The gems that the nearest Gemfile declares."""
    return _gems(ground, importer, "Gemfile", _DECLARED)


def _gems(ground: Ground, importer: str, name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    def find() -> tuple[str, ...]:
        folder = os.path.dirname(ground.path(importer))
        for above in ground.workspace.upwards(folder):
            if name in ground.disk.entries(above):
                return tuple(dict.fromkeys(pattern.findall(ground.read(os.path.join(above, name)) or "")))
        return ()

    return ground.once.get(("gems", name, os.path.dirname(importer)), find)
