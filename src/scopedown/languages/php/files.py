"""Where PHP's files are, and which package a name belongs to, by composer.json and composer.lock
(https://getcomposer.org/doc/04-schema.md#autoload)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from scopedown.source.resolve.search_path import Ground
from scopedown.source.resolve.units import SKIPPED

if TYPE_CHECKING:
    from scopedown.source.resolve.units import Unit

DECLARES: Final = re.compile(
    rb"^[ \t]*(?:(?:abstract|final|readonly)[ \t]+)*(?:class|interface|trait|enum|function|const)[ \t]+([A-Za-z_]\w*)",
    re.MULTILINE,
)
PACKAGE: Final = re.compile(rb"^[ \t]*(?:<\?php[ \t]+)?namespace[ \t]+([A-Za-z_][\w\\]*)", re.MULTILINE)
SKIPS: Final = SKIPPED | {"vendor", "tests", "test", "Tests", "storage", "cache"}
"""Folders of installed packages, of tests and of what programs write."""
_NAMESPACES: Final = {
    "Aws": "aws/aws-sdk-php", "Bref": "bref/bref", "Dotenv": "vlucas/phpdotenv", "GuzzleHttp": "guzzlehttp/guzzle",
    "GuzzleHttp\\Promise": "guzzlehttp/promises", "GuzzleHttp\\Psr7": "guzzlehttp/psr7",
    "Illuminate": "laravel/framework", "Laravel\\Lumen": "laravel/lumen-framework", "Monolog": "monolog/monolog",
    "Psr\\Log": "psr/log", "Psr\\Http": "psr/http-message", "Psr\\Container": "psr/container", "Ramsey\\Uuid":
    "ramsey/uuid", "Carbon": "nesbot/carbon", "Silly": "mnapoli/silly", "DI": "php-di/php-di", "Slim": "slim/slim",
    "Doctrine\\DBAL": "doctrine/dbal", "Doctrine\\ORM": "doctrine/orm", "Twig": "twig/twig", "League\\Flysystem":
    "league/flysystem", "Nyholm\\Psr7": "nyholm/psr7", "AsyncAws": "async-aws/core",
    "Firebase\\JWT": "firebase/php-jwt",
    "PHPMailer\\PHPMailer": "phpmailer/phpmailer", "Predis": "predis/predis", "MongoDB": "mongodb/mongodb",
    "Google": "google/apiclient", "Stripe": "stripe/stripe-php", "Twilio": "twilio/sdk", "Sentry": "sentry/sentry",
    "Intervention\\Image": "intervention/image", "Dompdf": "dompdf/dompdf", "Faker": "fakerphp/faker",
}  # fmt: skip
"""Packages by the namespaces of their classes (the autoload section of each package's composer.json)."""


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The folder of the nearest composer.json below which the code is, else that of the function's code; and those of
    its layers."""
    folder = os.path.dirname(ground.path(importer))
    found = [ground.package]
    composer = _nearest(ground, folder)
    if composer is not None and not _is_below(composer, ground.package):
        found.append(composer)
    if not any(_is_below(folder, one) for one in found):
        found.append(folder)
    return tuple(dict.fromkeys((*found, *ground.layers)))


def _is_below(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(root.rstrip(os.sep) + os.sep)


def _nearest(ground: Ground, folder: str) -> str | None:
    for above in ground.workspace.upwards(folder):
        if "composer.json" in ground.disk.entries(above):
            return above
    return None


def _composer(ground: Ground, importer: str, name: str) -> tuple[str, Mapping[str, Any]]:
    """The nearest composer.json or composer.lock: its folder and what stands in it."""

    def find() -> tuple[str, Mapping[str, Any]]:
        starts = [os.path.dirname(ground.path(importer)), ground.package, ground.root]
        for start in starts:
            for above in ground.workspace.upwards(start):
                if name in ground.disk.entries(above):
                    return above, _data(ground.read(os.path.join(above, name)))
        return "", {}

    return ground.once.get(("composer", name, os.path.dirname(importer)), find)


def _data(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def prefixes(ground: Ground, importer: str) -> list[tuple[str, str]]:
    """The namespaces that Composer leads to folders, absolute: ``("App\\\\", "/p/src")``, the longest first."""
    folder, data = _composer(ground, importer, "composer.json")
    found: list[tuple[str, str]] = []
    for section in ("autoload", "autoload-dev"):
        for kind in ("psr-4", "psr-0"):
            rules = (data.get(section) or {}).get(kind) if isinstance(data.get(section), dict) else None
            for prefix, paths in rules.items() if isinstance(rules, dict) else ():
                for path in paths if isinstance(paths, list) else [paths]:
                    if isinstance(path, str):
                        below = path if kind == "psr-4" else os.path.join(path, *str(prefix).strip("\\").split("\\"))
                        found.append((str(prefix).lstrip("\\"), os.path.normpath(os.path.join(folder, below))))
    return sorted(found, key=lambda one: -len(one[0]))


def requires(ground: Ground, importer: str, package: str) -> bool:
    """Whether composer.json asks for a package."""
    return required(ground, importer, package) is not None


def required(ground: Ground, importer: str, package: str) -> str | None:
    """The version of a package for which composer.json asks; None where it does not ask for the package."""
    _, data = _composer(ground, importer, "composer.json")
    section = data.get("require")
    return str(section[package]) if isinstance(section, dict) and package in section else None


def autoloaded(ground: Ground, importer: str) -> Iterator[str]:
    """The files that the autoloader always runs (``autoload.files``)."""
    folder, data = _composer(ground, importer, "composer.json")
    section = data.get("autoload")
    for path in (section.get("files") or []) if isinstance(section, dict) else []:
        whole = os.path.normpath(os.path.join(folder, str(path)))
        if ground.disk.is_file(whole) and (file := ground.name(whole)) is not None:
            yield file


def named(unit: Unit, qualified: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
    """The file of a whole name: where Composer leads, else one that declares it in its namespace."""
    ground = unit.ground
    for prefix, folder in prefixes(ground, importer):
        if qualified.startswith(prefix):
            path = os.path.join(folder, *qualified[len(prefix) :].split("\\")) + ".php"
            if ground.disk.is_file(path) and (file := ground.name(path)) is not None:
                return file, (qualified,)
    namespace, _, name = qualified.rpartition("\\")
    for file in unit.declared.get(name, ()):
        spaces = [match.group(1).decode("utf-8", "replace") for match in PACKAGE.finditer(unit.text(file))]
        if namespace in (spaces or [""]):
            return file, (qualified,)
    return None


def package_of(name: str) -> str | None:
    """The Composer package of a whole name.

    >>> package_of("GuzzleHttp\\\\Client"), package_of("Symfony\\\\Component\\\\HttpFoundation\\\\Request")
    ('guzzlehttp/guzzle', 'symfony/http-foundation')
    """
    if "/" in name:
        return name
    parts = name.split("\\")
    if parts[0] == "Symfony" and len(parts) > 2:
        kind = {"Component": "", "Contracts": "-contracts", "Bundle": "", "Bridge": "-bridge"}.get(parts[1])
        if kind is not None:
            return f"symfony/{_dashed(parts[2])}{kind}"
    for length in range(len(parts), 0, -1):
        if (known := _NAMESPACES.get("\\".join(parts[:length]))) is not None:
            return known
    return f"{_dashed(parts[0])}/{_dashed(parts[1])}" if len(parts) > 2 else None


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()


def package_in_lock(ground: Ground, importer: str, name: str) -> str | None:
    """The package whose autoload section in composer.lock has a name's namespace, the longest first."""
    _, data = _composer(ground, importer, "composer.lock")

    def find() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for package in data.get("packages") or []:
            autoload = package.get("autoload") if isinstance(package, dict) else None
            for kind in ("psr-4", "psr-0"):
                rules = autoload.get(kind) if isinstance(autoload, dict) else None
                if isinstance(rules, dict):
                    found += [(str(prefix), str(package.get("name", ""))) for prefix in rules]
        return sorted(found, key=lambda one: -len(one[0]))

    known = ground.once.get(("composer namespaces", os.path.dirname(importer)), find)
    return next((package for prefix, package in known if prefix and name.startswith(prefix)), None)
