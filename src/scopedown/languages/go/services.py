"""The services by their packages in the two versions of the SDK: ``services.tsv``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scopedown.core.tables import read_rows

V1 = "github.com/aws/aws-sdk-go/"
V2 = "github.com/aws/aws-sdk-go-v2/"


def service_of(package: str, version: str) -> str | None:
    """botocore's name of the service whose package has this name, in one version (``v1``, ``v2``)."""
    found = _table()
    return found[version].get(package) or found["v2"].get(package)


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {"v1": {}, "v2": {}}
    for row in read_rows(Path(__file__).with_name("services.tsv"), ("service", "v2", "v1")):
        for version, names in found.items():
            if row[version]:
                names.setdefault(row[version], row["service"])
    return found
