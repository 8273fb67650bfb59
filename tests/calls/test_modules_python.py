"""Where imports of Python lead: packages, layouts, ``sys.path``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopedown.calls.model import CallReport
from scopedown.source.sources import Sources

STORE = "import boto3\ntable = boto3.resource('dynamodb').Table('t')\n"
USE = "\ndef handler(event, context):\n    table.scan()\n"


def leads(folder: Path, specifier: str, importer: str, files: list[str], **options: Any) -> str | None:
    for name in (*files, importer):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return Sources(str(folder), **options).resolve(specifier, importer, "python")


@pytest.mark.parametrize(
    ("specifier", "importer", "files", "file"),
    [
        ("store", "app.py", ["store.py"], "store.py"),
        ("store", "app.py", ["store/__init__.py", "store.py"], "store/__init__.py"),
        ("lib.store", "app.py", ["lib/store.py"], "lib/store.py"),
        ("lib", "app.py", ["lib/store.py"], "lib/"),
        ("lib", "app.py", ["lib/data.csv"], None),
        (".store", "pkg/app.py", ["pkg/store.py", "store.py"], "pkg/store.py"),
        ("..store", "pkg/sub/app.py", ["pkg/store.py"], "pkg/store.py"),
        ("..", "pkg/sub/app.py", ["pkg/__init__.py"], "pkg/__init__.py"),
        (".", "pkg/app.py", ["pkg/__init__.py"], "pkg/__init__.py"),
        ("src.lib.store", "src/handlers/app.py", ["src/lib/store.py"], "src/lib/store.py"),
        ("lib.store", "src/handlers/app.py", ["src/lib/store.py"], "src/lib/store.py"),
        ("shop.store", "handlers/app.py", ["src/shop/store.py", "src/shop/__init__.py"], "src/shop/store.py"),
        ("app", "app.py", [], None),
        ("jwt", "auth/jwt.py", [], None),
        ("nowhere", "app.py", ["other.py"], None),
        ("a..b", "app.py", ["a/b.py"], None),
    ],
)
def test_python_imports(tmp_path: Path, specifier: str, importer: str, files: list[str], file: str | None) -> None:
    assert leads(tmp_path, specifier, importer, files) == file


def test_a_regular_package_comes_before_a_namespace_package_of_an_earlier_folder(tmp_path: Path) -> None:
    files = ["fn/lib/data.py", "layer/python/lib/__init__.py"]
    assert leads(tmp_path, "lib", "fn/app.py", files, package="fn", layers=["layer"]) == "layer/python/lib/__init__.py"


def test_a_namespace_package_may_stand_in_several_folders(python_calls: Callable[..., list[str]]) -> None:
    source = "import acme.one\nimport acme.two\nfrom acme.two import table" + USE
    files = {"acme/one.py": "", "src/acme/two.py": STORE}
    assert python_calls(source, files=files) == ["dynamodb.Scan TableName=t"]


def test_an_imported_submodule_is_a_member_of_its_package(python_calls: Callable[..., list[str]]) -> None:
    source = "import acme.one\nimport acme.two\n\ndef handler(event, context):\n    acme.two.table.scan()\n"
    files = {"acme/one.py": "", "src/acme/two.py": STORE}
    assert python_calls(source, files=files) == ["dynamodb.Scan TableName=t"]


@pytest.mark.parametrize(
    ("environment", "store"),
    [
        ("/var/task/shared", "shared/store.py"),
        ("./shared", "shared/store.py"),
        ("/opt/extra:/var/task/none", "layer/extra/store.py"),
        ("/var/task/none:/var/task/shared/deep:", "shared/deep/store.py"),
    ],
)
def test_pythonpath_of_the_function(tmp_path: Path, environment: str, store: str) -> None:
    options = {"environment": {"PYTHONPATH": environment}, "layers": ["layer"]}
    assert leads(tmp_path, "store", "fn/app.py", [store], **options) == store


@pytest.mark.parametrize(
    ("requirement", "store"),
    [
        ("requirements.txt:-e ./libs/common", "libs/common/src/store.py"),
        ("requirements.txt:boto3==1.0\n./libs/common  # ours", "libs/common/store.py"),
        ("requirements.txt:common @ file:libs/../libs/common", None),
        ("pyproject.toml:[tool.poetry.dependencies]\nx = { path = 'libs/common' }", "libs/common/store.py"),
        ("pyproject.toml:[tool.uv.sources]\ncommon = { path = 'libs/common' }", "libs/common/src/store.py"),
        ("pyproject.toml:[tool.setuptools.packages.find]\nwhere = ['code']", "code/store.py"),
        ("pyproject.toml:[[[", None),
    ],
)  # fmt: skip
def test_packages_that_requirements_name_by_their_place(tmp_path: Path, requirement: str, store: str | None) -> None:
    name, _, text = requirement.partition(":")
    (tmp_path / name).write_text(text)
    assert leads(tmp_path, "store", "fn/app.py", [store] if store else []) == store


def test_a_requirement_that_a_build_moves_is_found_from_the_folders_above(tmp_path: Path) -> None:
    for name in ("fn/src", "tools/libs"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "fn" / "src" / "requirements.txt").write_text("../tools/libs/\n../nowhere/\n")
    assert leads(tmp_path, "store", "fn/src/app.py", ["tools/libs/store.py"], package="fn/src") == "tools/libs/store.py"


@pytest.mark.parametrize(
    "addition",
    [
        "sys.path.append('./vendored')",
        "sys.path.insert(0, 'vendored')",
        "sys.path.append('/var/task/vendored')",
        "sys.path.append(os.path.join(os.path.dirname(__file__), 'vendored'))",
        "sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), 'vendored'))",
        "sys.path.insert(0, str(Path(__file__).parent / 'vendored'))",
        "sys.path.extend(['nowhere', './vendored'])",
        "sys.path = ['./vendored'] + sys.path",
        "sys.path += ['./vendored']",
        "sys.path.append(os.environ['LAMBDA_TASK_ROOT'] + '/vendored')",
        "site.addsitedir('./vendored')",
    ],
)
def test_folders_that_code_puts_on_the_search_path(addition: str, python_calls: Callable[..., list[str]]) -> None:
    source = f"import os, site, sys\nfrom pathlib import Path\n{addition}\nfrom deep.store import table{USE}"
    files = {"vendored/deep/store.py": STORE, "other/deep/store.py": STORE.replace("'t'", "'wrong'")}
    assert python_calls(source, files=files) == ["dynamodb.Scan TableName=t"]


def test_a_folder_that_is_put_first_is_looked_in_first(python_calls: Callable[..., list[str]]) -> None:
    source = "import sys\nsys.path.insert(0, 'first')\nfrom store import table" + USE
    files = {"first/store.py": STORE, "store.py": STORE.replace("'t'", "'own'")}
    assert python_calls(source, files=files) == ["dynamodb.Scan TableName=t"]


@pytest.mark.parametrize("folder", ["input('?')", "7", "None", "'\\0'", "'/etc'", "'../' * 40", "'C:\\\\lib'"])
def test_a_folder_that_leads_nowhere_does_no_harm(folder: str, python_report: Callable[..., CallReport]) -> None:
    report = python_report(f"import sys\nsys.path.append({folder})\nimport store\ndef handler(e, c): pass\n")
    assert report.calls == () and report.not_analysed == ("store",)
