"""A project of serverless 4 is deployed by another release, and the report says what that does not prove."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from command_line import run
from scopedown.project.load import Options, load_project
from scopedown.prove.serverless_4 import NAME, adapt, parameters_of

CONFIG = """\
service: shop
frameworkVersion: '4'
stages:
  default: {params: {table: orders, size: 2}}
  prod: {params: {table: orders-prod}}
provider: {name: aws, runtime: nodejs20.x}
functions:
  keep: {handler: src/keep.handler}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    (folder / "serverless.yml").write_text(CONFIG)
    (folder / "src" / "keep.ts").write_text("export const handler = async (): Promise<number> => 1;\n")
    return folder


def test_the_parameters_of_a_stage_are_those_of_the_default_one_and_its_own(shop: Path) -> None:
    assert parameters_of(shop, "serverless.yml", "prod") == {"table": "orders-prod", "size": "2"}
    assert parameters_of(shop, "serverless.yml", "dev") == {"table": "orders", "size": "2"}
    assert parameters_of(shop, "serverless.ts", "dev") == {}


def test_the_copy_asks_for_no_version_and_what_was_not_run_is_said(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = load_project(shop, Options())
    assert project.compiler == NAME
    copy = shutil.copytree(shop, tmp_path / "copy")
    monkeypatch.setenv("PATH", str(tmp_path))
    ran, bundled = adapt(project, copy, "osls 4.3.1")
    assert ran.startswith("serverless 4 was not run, because it needs a login: osls 4.3.1 deployed in its place")
    assert "src/keep.ts was not bundled: npm install --save-dev esbuild" in bundled
    left = (copy / "serverless.yml").read_text()
    assert left == CONFIG[: CONFIG.index("frameworkVersion")] + CONFIG[CONFIG.index("provider") :]
    assert "frameworkVersion" in (shop / "serverless.yml").read_text()


@pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
def test_typescript_is_bundled_next_to_its_source(shop: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(shop, tmp_path / "copy")
    program = copy / "node_modules" / ".bin" / "esbuild"
    program.parent.mkdir(parents=True)
    program.write_text(
        '#!/bin/sh\nfor word in "$@"; do case $word in --outfile=*) echo made > "${word#*=}";; esac; done\n'
    )
    program.chmod(0o755)
    assert len(list(adapt(load_project(shop, Options()), copy, "osls 4.3.1"))) == 1
    assert (copy / "src" / "keep.js").read_text() == "made\n"


def test_sections_that_end_at_the_margin_go_as_a_whole(shop: Path, tmp_path: Path) -> None:
    ends = "service: shop\nstages: {\n  prod: {params: {table: orders}}\n}\nstate:\n- one\nplugins:\n- two\n"
    copy = shutil.copytree(shop, tmp_path / "copy")
    (copy / "serverless.yml").write_text(ends)
    list(adapt(load_project(shop, Options()), copy, "osls 4.3.1"))
    assert (copy / "serverless.yml").read_text() == "service: shop\nplugins:\n- two\n"


@pytest.mark.skipif(os.name != "posix", reason="links, and a program that is a script of the shell")
def test_nothing_is_written_outside_of_the_copy(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = load_project(shop, Options())
    copy = tmp_path / "copies" / "shop"
    copy.mkdir(parents=True)
    (copy / "serverless.yml").symlink_to(shop / "serverless.yml")
    (copy / "src").symlink_to(shop / "src")
    planted = copy.parent / "node_modules" / ".bin" / "esbuild"
    planted.parent.mkdir(parents=True)
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    notes = list(adapt(project, copy, "osls 4.3.1"))
    assert notes[1:] == ["src/keep.ts was not bundled: prove writes only into its copy of the project's folder"]
    assert (shop / "serverless.yml").read_text() == CONFIG and not (shop / "src" / "keep.js").exists()
    (copy / "src").unlink()
    shutil.copytree(shop / "src", copy / "src")
    (_, said) = adapt(project, copy, "osls 4.3.1")
    assert "esbuild, which is not installed here" in said  # that above the copy is not the project's


def test_without_another_release_it_is_told_how_to_use_one(shop: Path) -> None:
    done = run(cwd=shop, command="prove")
    assert done.returncode == 2
    assert "serverless 4 needs a login, so prove does not run it (add --framework osls (or v3)" in done.stderr


def test_of_a_composition_one_service_is_proven(tmp_path: Path) -> None:
    (tmp_path / "serverless-compose.yml").write_text(
        "services: {api: {path: services/api}, web: {path: services/web}}\n"
    )
    done = run(cwd=tmp_path, command="prove")
    assert done.returncode == 2
    assert "composes api, web, and prove runs one service (prove each: scopedown prove services/api;" in done.stderr
