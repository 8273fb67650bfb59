"""What a client can have read: what lies below the roots, whatever it writes and whatever a project says."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Client, talking, text

pytestmark = pytest.mark.slow

SECRET = "wherever-this-is-seen-it-leaked"
PROJECT = """
service: shop
provider: {{name: aws, runtime: python3.12}}
functions:
  save: {{handler: {handler}, environment: {{TABLE: "{table}"}}}}
"""
CODE = """
import boto3, os
def save(event, context):
    boto3.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={})
"""
HOSTILE = [
    "--run-framework", "-h", "--", "a\nb", "a\r\x1b[31mb\u202e", "$(touch made)", "x" * 4000, ""
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a root ``shop`` in it, and beside that what is none of a client's business."""
    folder = tmp_path_factory.mktemp("place").resolve()
    for name in ("shop", "elsewhere"):
        (folder / name).mkdir()
        (folder / name / "serverless.yml").write_text(PROJECT.format(handler="app.save", table=f"{name}-notes"))
        (folder / name / "app.py").write_text(CODE)
    (folder / "secret.yml").write_text(f"word: {SECRET}\n")
    (folder / "secret.py").write_text(CODE.replace('os.environ["TABLE"]', f'"{SECRET}"'))
    return folder


@pytest.fixture(scope="module")
def shop(place: Path) -> Iterator[Client]:
    with talking("--root", str(place / "shop"), cwd=place, TOKEN=SECRET, AWS_SECRET_ACCESS_KEY=SECRET) as client:
        yield client


def project(folder: Path, table: str, handler: str = "app.save") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "serverless.yml").write_text(PROJECT.format(handler=handler, table=table))
    if not os.path.lexists(folder / "app.py"):
        (folder / "app.py").write_text(CODE)
    return folder


@pytest.mark.parametrize(
    "written", ["..", "../elsewhere", "../secret.yml", "../secret.py:save", "x/../../elsewhere", "/", "/etc"]
)
def test_a_path_that_leads_out_of_the_root_is_refused(shop: Client, written: str) -> None:
    for tool in ("scan", "check", "deploy_policy"):
        assert "is outside the folders that the server may read" in shop.error(tool, path=written)
    assert "is outside the folders" in shop.error("explain", action="s3", path=written)


def test_an_absolute_path_is_judged_by_where_it_leads(shop: Client, place: Path) -> None:
    assert "shop-notes" in json.dumps(shop.answer("scan", path=str(place / "shop" / "serverless.yml")))
    refused = shop.error("scan", path=str(place / "elsewhere"))
    assert str(place / "shop") in refused
    assert "--root" in refused


def test_nothing_is_told_of_what_is_outside_even_whether_it_is_there(shop: Client, place: Path) -> None:
    there, absent = (shop.error("scan", path=f"../{name}") for name in ("elsewhere", "absent"))
    assert there.replace("elsewhere", "absent") == absent


def test_a_symbolic_link_out_of_the_root_is_refused(shop: Client, place: Path) -> None:
    link = place / "shop" / "link"
    link.symlink_to(place / "elsewhere", target_is_directory=True)
    assert "is outside the folders" in shop.error("scan", path="link")
    link.unlink()
    link = place / "shop" / "link.py"
    link.symlink_to(place / "secret.py")
    assert "is outside the folders" in shop.error("scan", path="link.py:save")
    link.unlink()


def test_a_relative_path_and_a_symbol_are_below_the_first_root(shop: Client) -> None:
    assert "TABLE" in json.dumps(shop.answer("scan", path="app.py:save"))
    assert "does not exist" in shop.error("scan", path="absent")


def test_a_second_root_is_read_too(place: Path) -> None:
    with talking("--root", "shop", "--root", "elsewhere", cwd=place) as client:
        assert "shop-notes" in json.dumps(client.answer("scan"))
        assert "elsewhere-notes" in json.dumps(client.answer("scan", path=str(place / "elsewhere")))


def test_without_a_root_the_folder_of_the_start_is_it(place: Path) -> None:
    with talking(cwd=place / "elsewhere") as client:
        assert "elsewhere-notes" in json.dumps(client.answer("scan"))
        assert "is outside" in client.error("scan", path="../shop")


@pytest.mark.parametrize("reference", ["${file(../../secret.yml):word}", "${file(%s):word}"])
def test_a_project_file_that_names_a_file_outside_does_not_get_it(shop: Client, place: Path, reference: str) -> None:
    folder = project(place / "shop" / "curious", reference.replace("%s", str(place / "secret.yml")))
    told = json.dumps(shop.answer("scan", path="curious"))
    assert SECRET not in told
    assert "outside the folders that the server may read" in told
    assert folder.is_dir()


def test_a_handler_outside_and_a_linked_one_are_not_read(shop: Client, place: Path) -> None:
    folder = project(place / "shop" / "above", "notes", handler="../../secret.save")
    assert SECRET not in text(shop.call("scan", path="above"))
    (folder / "app.py").unlink()
    (folder / "app.py").symlink_to(place / "secret.py")
    project(folder, "notes")
    assert SECRET not in text(shop.call("explain", path="above", action="dynamodb"))


OF_THE_SERVER = (
    "HOME", "PATH", "USER", "VIRTUAL_ENV", "XDG_CACHE_HOME", "PYTHONUTF8", "NO_COLOR", "SCOPEDOWN_CACHE",
    "AWS_CONFIG_FILE",
)  # fmt: skip
"""What the server's process has, or gives to a command's."""


@pytest.mark.parametrize("name", ["TOKEN", "AWS_SECRET_ACCESS_KEY"])
def test_a_project_file_sees_no_environment_variable_of_the_server(shop: Client, place: Path, name: str) -> None:
    project(place / "shop" / "asks", f"${{env:{name}, 'none'}}")
    told = text(shop.call("scan", path="asks"))
    assert SECRET not in told
    assert "table/none" in told


def test_what_the_server_itself_needs_of_its_environment_is_seen_by_no_project(place: Path) -> None:
    asked = "/".join(f"${{env:{name}, '{name}-unknown'}}" for name in OF_THE_SERVER)
    project(place / "shop" / "curious-of-it", asked)
    variables = {"HOME": str(place / SECRET), "USER": SECRET, "VIRTUAL_ENV": SECRET, "XDG_CACHE_HOME": f"/{SECRET}"}
    with talking("--root", "shop", "--env", "STAGE", cwd=place, **variables) as client:
        told = text(client.call("scan", path="curious-of-it"))
    assert f"table/{'/'.join(f'{name}-unknown' for name in OF_THE_SERVER)}" in told
    assert SECRET not in told


def test_the_cache_folder_has_nothing_for_a_project_file(place: Path, tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(f"word: {SECRET}\n")
    project(place / "shop" / "curious-of-the-cache", f"${{file({tmp_path / 'x.yml'}):word, 'none'}}")
    with talking("--root", "shop", cwd=place, SCOPEDOWN_CACHE=str(tmp_path)) as client:
        told = text(client.call("scan", path="curious-of-the-cache"))
    assert SECRET not in told
    assert list(tmp_path.glob("??/*.json"))  # and the cache works


@pytest.mark.parametrize("name", [".scopedown.toml", "pyproject.toml"])
def test_settings_above_the_root_are_not_read_and_no_reason_to_fail(place: Path, name: str) -> None:
    repository = place / f"repository-{name}"
    (repository / ".git").mkdir(parents=True)
    (repository / name).write_text('[check]\nselect = ["SD999"]\n')
    project(repository / "service", "notes")
    with talking("--root", str(repository / "service"), cwd=place) as client:
        assert client.answer("check")["schema"].startswith("scopedown.check/")


def test_a_variable_that_the_server_was_told_of_is_seen(place: Path) -> None:
    project(place / "shop" / "staged", "${env:STAGE}-notes")
    with talking("--root", "shop", "--env", "STAGE", cwd=place, STAGE="blue") as client:
        assert "table/blue-notes" in text(client.call("scan", path="staged"))


def test_modules_beside_a_project_are_not_imported(shop: Client, place: Path) -> None:
    folder = project(place / "shop" / "shadows", "notes")
    for name in ("click", "yaml", "json", "scopedown", "sitecustomize"):
        (folder / f"{name}.py").write_text(f"open({str(place / 'shop' / 'made')!r}, 'w')\n")
    assert "table/notes" in text(shop.call("scan", path="shadows"))
    assert not (place / "shop" / "made").exists()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_a_text_holds_it_is_a_value(shop: Client, place: Path, hostile: str) -> None:
    before = sorted(place.rglob("*"))
    for tool, arguments in (
        ("scan", {"path": hostile}),
        ("scan", {"functions": [hostile], "stage": hostile, "params": {hostile: hostile}}),
        ("deploy_policy", {"commands": [hostile]}),
        ("check", {"select": [hostile], "ignore": [hostile]}),
        ("explain", {"action": hostile}),
        (
            "simulate",
            {"actions": [hostile], "resources": [hostile], "principal": hostile, "context": {hostile: hostile}},
        ),
        ("catalog", {"name": hostile}),
    ):
        told = text(shop.call(tool, **arguments))
        assert "internal error" not in told
        assert "Usage:" not in told
        assert "Show this message" not in told
    assert sorted(place.rglob("*")) == before


def test_a_nul_is_refused_wherever_it_stands(shop: Client) -> None:
    for tool, arguments in (
        ("scan", {"path": "a\0b"}),
        ("scan", {"params": {"a\0": "b"}}),
        ("explain", {"action": "s3\0"}),
        ("simulate", {"actions": ["s3:GetObject"], "context": {"k": ["a", "\0"]}}),
        ("catalog", {"name": "\0"}),
    ):
        assert "NUL" in shop.error(tool, **arguments)


@pytest.mark.skipif(sys.platform == "win32", reason="the mode of a folder means nothing on Windows")
def test_a_policy_is_kept_in_a_folder_that_nobody_else_reads_and_is_gone_afterwards(tmp_path: Path) -> None:
    with talking(TMPDIR=str(tmp_path)) as client:
        client.answer(
            "simulate",
            actions=["s3:GetObject"],
            policies=[{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}],
        )
    assert list(tmp_path.iterdir()) == []
