"""What is known of packages: each row says what it is, and where that is written."""

from __future__ import annotations

from importlib.resources import files

import pytest

from scopedown.catalog.load import catalog
from scopedown.source.language import languages
from scopedown.source.packages import python_name
from scopedown.source.packages.table import COLUMNS, KINDS, distributions, known, rows


def test_the_table_is_sorted_and_each_row_is_whole() -> None:
    text = files("scopedown.source.packages").joinpath("packages.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert tuple(lines[0]) == COLUMNS and {len(line) for line in lines} == {len(COLUMNS)}
    keys = [(line[0], line[1]) for line in lines[1:]]
    assert keys == sorted(keys) and len(keys) == len(set(keys))


def test_each_row_has_a_kind_and_a_source() -> None:
    for language, row in rows():
        assert language in languages() and row.kind in KINDS, row
        assert row.source and (row.about or row.kind == "own-name"), row
        assert language != "python" or row.package == python_name(row.package), row
        assert row.kind != "own-name" or row.imports, row


def test_services_that_a_row_names_exist() -> None:
    prefixes = {name.partition(":")[0] for name in catalog().action_names()}
    for _, row in rows():
        named = {one.partition(":")[0] for one in row.may_call if one != "client"}
        assert named <= prefixes, row


@pytest.mark.parametrize(
    ("module", "package"),
    [("jwt", "pyjwt"), ("dateutil.parser", "python-dateutil"), ("yaml", "pyyaml"), ("bs4", "beautifulsoup4"),
     ("PIL.Image", "pillow"), ("google.auth.transport", "google-auth"), ("acme.store", "acme-store")],
)  # fmt: skip
def test_a_module_is_of_a_distribution(module: str, package: str) -> None:
    assert package in list(distributions(module))


def test_an_exact_row_comes_before_that_of_its_scope() -> None:
    kinds = [
        known(name, "javascript") for name in ("@aws-sdk/types", "@aws-sdk/client-s3", "@aws-sdk/anything", "@acme/x")
    ]
    assert [row and row.kind for row in kinds] == ["harmless", "sdk", "sdk", None]
