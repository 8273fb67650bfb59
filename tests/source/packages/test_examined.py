"""Packages whose published code was examined: which versions a row is about, and what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.core.tables import RowsByName, read_rows
from scopedown.source.packages import examined
from scopedown.source.packages.declared import declared_versions
from scopedown.source.packages.versions import admits, release
from scopedown.source.sources import Sources

ROWS = """
javascript	acme-text	1.4.0		acme-word@2.0.0		sha512-a
javascript	acme-word	2.0.0				sha512-b
javascript	acme-http	1.4.0	network			sha512-c
javascript	acme-plugins	1.4.0	loads			sha512-d
javascript	acme-shell	1.4.0		acme-plugins@1.4.0		sha512-e
javascript	acme-gap	1.4.0		acme-nowhere@1.0.0		sha512-f
javascript	acme-s3	1.4.0	sdk	@aws-sdk/client-s3@3.0.0		sha512-g
javascript	acme-lambda-log	1.4.0				sha512-h
javascript	acme-turn	1.4.0				sha512-i
javascript	acme-turn	2.0.0	aws			sha512-j
javascript	@acme/text	1.4.0				sha512-k
python	acme-text	1.4.0			acmetext	sha256-l
python	acme-loader	1.4.0	loads			sha256-m
"""


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "examined.tsv"
    path.write_text("\t".join(examined.COLUMNS) + "\n" + ROWS, encoding="utf-8")
    made = RowsByName([path], examined._examined, examined.COLUMNS, cells=2)
    monkeypatch.setattr(examined, "_table", lambda: made)
    examined._imported.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def forget() -> Iterator[None]:
    yield
    examined._imported.cache_clear()


def unseen(folder: Path, name: str, wanted: str, more: Mapping[str, str] | None = None) -> list[str]:
    project = folder / "project"
    project.mkdir()
    (project / "app.js").write_text(f"const one = require('{name}');\nexports.handler = () => one('b');\n")
    (project / "package.json").write_text(json.dumps({"dependencies": {name: wanted}}))
    for file, text in (more or {}).items():
        (project / file).write_text(text)
    report = find_calls(Sources(str(project)), catalog(), {}, "app.js", "handler")
    return [one.what for one in report.unseen]


@pytest.mark.parametrize("wanted", ["^1.2.0", "1.x", "*", "latest", ">=1", "1.4.0", "1.2.0"])
def test_a_declared_version_that_was_examined_needs_no_lock_file(tmp_path: Path, wanted: str) -> None:
    assert unseen(tmp_path, "acme-text", wanted) == []


@pytest.mark.parametrize("wanted", ["^2.0.0", "2.1.0", "github:acme/acme-text", "file:../acme-text", "next"])
def test_any_other_version_may_call_anything(tmp_path: Path, wanted: str) -> None:
    assert unseen(tmp_path, "acme-text", wanted)


@pytest.mark.parametrize("name", ["acme-plugins", "acme-shell", "acme-gap", "acme-s3"])
def test_code_that_leads_anywhere_or_is_not_all_there_may_call_anything(tmp_path: Path, name: str) -> None:
    assert unseen(tmp_path, name, "^1.2.0")


def test_code_that_opens_connections_counts_only_in_a_version_that_is_admitted(tmp_path: Path) -> None:
    assert unseen(tmp_path, "acme-http", "^1.2.0") == []
    (tmp_path / "other").mkdir()
    assert unseen(tmp_path / "other", "acme-http", "1.2.0")


def test_one_of_several_versions_that_a_range_admits_is_enough_to_doubt(tmp_path: Path) -> None:
    assert unseen(tmp_path, "acme-turn", ">=1")
    (tmp_path / "other").mkdir()
    assert unseen(tmp_path / "other", "acme-turn", "^1.0.0") == []


def test_a_scope_with_a_registry_of_its_own_is_the_teams(tmp_path: Path) -> None:
    assert unseen(tmp_path, "@acme/text", "^1.2.0", {".npmrc": "@acme:registry=https://npm.example.com/\n"})
    (tmp_path / "other").mkdir()
    assert unseen(tmp_path / "other", "@acme/text", "^1.2.0") == []


def test_a_name_that_sounds_of_aws_says_nothing_of_code_that_was_examined(tmp_path: Path) -> None:
    locked = {"packages": {"": {}, "node_modules/acme-lambda-log": {"version": "1.4.0"}}}
    assert unseen(tmp_path, "acme-lambda-log", "^1.2.0", {"package-lock.json": json.dumps(locked)}) == []


def test_a_function_that_is_handed_to_an_examined_package_runs(tmp_path: Path) -> None:
    code = "const {S3} = require('@aws-sdk/client-s3');\nconst each = require('acme-text');\nconst s3 = new S3({});\n"
    code += "exports.handler = () => each(() => s3.getObject({Bucket: 'b', Key: 'k'}));\n"
    (tmp_path / "app.js").write_text(code)
    (tmp_path / "package.json").write_text('{"dependencies": {"acme-text": "1", "@aws-sdk/client-s3": "3"}}')
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.js", "handler")
    assert [call.operation for call in report.calls] == ["GetObject"]


@pytest.mark.parametrize(
    ("module", "declared", "is_whole"),
    [
        ("acmetext", "acme-text==1.4.0", True),
        ("acmetext", "Acme_Text>=1,<2", True),
        ("acmetext", "acme-text", True),
        ("acmetext", "acme-text==2.4.0", False),
        ("acmetext", "acme-text @ git+https://example.com/acme.git", False),
        ("acme_loader", "acme-loader==1.4.0", False),
    ],
)
def test_python_packages_by_their_requirements(tmp_path: Path, module: str, declared: str, is_whole: bool) -> None:
    (tmp_path / "app.py").write_text(f"import {module}\n\ndef handler(event, context):\n    {module}.do()\n")
    (tmp_path / "requirements.txt").write_text(f"requests==2.0.0\n{declared}\n")
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.py", "handler")
    assert (report.unseen == ()) is is_whole


def test_versions_are_compared_as_their_notations_say() -> None:
    assert admits("~1.2.3", "1.2.9") and not admits("~1.2.3", "1.3.0")
    assert admits("^0.0.3", "0.0.3") and not admits("^0.0.3", "0.0.4")
    assert admits("~=1.4.2", "1.4.9") and not admits("~=1.4.2", "1.5.0")
    assert admits(">1 <3 || 5", "5.1.0") and not admits(">1 <3", "1.5.0")
    assert admits("==1.*", "1.9.0") and not admits("!=1.9.*", "1.9.3")
    assert release("1.0.0-rc.1") is None and not admits("*", "1.0.0-rc.1")


def test_the_range_of_a_python_package_is_read_from_each_kind_of_file() -> None:
    assert list(declared_versions("acme", ['acme = {version = "^1.2", extras = ["x"]}'])) == ["^1.2"]
    assert list(declared_versions("acme", ["install_requires=['acme-store', 'acme>=1']"])) == [">=1"]


def test_the_table_is_sorted_and_its_rows_are_facts() -> None:
    marks = {"sdk", "aws", "programs", "loads", "evaluates", "installs", "network"}
    rows = list(read_rows(examined.TABLE, examined.COLUMNS))
    keys = [(row["language"], row["package"], row["version"]) for row in rows]
    assert keys == sorted(set(keys))
    for row in rows:
        assert set(row["reaches"].split()) <= marks and row["version"], row
        assert re.fullmatch(r"sha(?:1|256|512)-[\w+/=]+", row["digest"]), row
        assert all("@" in one[1:] for one in row["requires"].split() if one[0] != "?"), row
