"""Where the packages of Go are: modules, replaced ones, workspaces, repositories without go.mod, build constraints."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.languages.go import files
from scopedown.languages.go.constraints import is_built
from scopedown.source.sources import Sources


def found(root: Path, importer: str, path: str, **texts: str) -> str | None:
    """The folder of the package that an import means, relative to the root; ``texts`` are files, ``__`` for a slash."""
    for name, text in texts.items():
        file = root / name.replace("__", "/").replace("_mod", ".mod").replace("_work", ".work").replace("_go", ".go")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / ".git").mkdir(exist_ok=True)
    ground = Sources(str(root)).ground
    folder = files.folder_of(ground, str(root / importer), path)
    return None if folder is None else Path(folder).relative_to(root).as_posix()


def test_a_package_of_the_module(tmp_path: Path) -> None:
    texts = {"go_mod": "module example.com/app\n", "store__store_go": "package store"}
    assert found(tmp_path, "cmd/a", "example.com/app/store", **texts) == "store"
    assert found(tmp_path, "cmd/a", "example.com/app/other", **texts) is None


def test_a_module_that_is_replaced(tmp_path: Path) -> None:
    texts = {
        "app__go_mod": "module app\n\nrequire example.com/lib v1.0.0\n\nreplace (\n\texample.com/lib => ../lib\n)\n",
        "lib__go_mod": "module example.com/lib\n",
        "lib__deep__x_go": "package deep",
    }
    assert found(tmp_path, "app", "example.com/lib/deep", **texts) == "lib/deep"


def test_a_module_of_the_workspace(tmp_path: Path) -> None:
    texts = {
        "go_work": "go 1.22\n\nuse (\n\t./app\n\t./lib\n)\n",
        "app__go_mod": "module example.com/app\n",
        "lib__go_mod": "module example.com/lib\n",
        "lib__x_go": "package lib",
    }
    assert found(tmp_path, "app", "example.com/lib", **texts) == "lib"


def test_another_module_of_the_repository_by_its_published_path(tmp_path: Path) -> None:
    texts = {
        "a__go_mod": "module github.com/acme/repo/a\n",
        "shared__go_mod": "module github.com/acme/repo/shared\n",
        "shared__log__x_go": "package log",
    }
    assert found(tmp_path, "a", "github.com/acme/repo/shared/log", **texts) == "shared/log"


def test_without_a_module_the_end_of_the_path_counts(tmp_path: Path) -> None:
    texts = {"store__x_go": "package store", "cmd__a__main_go": "package main"}
    assert found(tmp_path, "cmd/a", "github.com/acme/repo/store", **texts) == "store"
    assert found(tmp_path, "cmd/a", "github.com/aws/aws-lambda-go/store", **texts) is None


def test_a_package_without_go_files_is_none(tmp_path: Path) -> None:
    texts = {"go_mod": "module example.com/app\n", "store__x_test_go": "package store"}
    assert found(tmp_path, "", "example.com/app/store", **texts) is None


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("github.com/a/b/c/d", "github.com/a/b"), ("gopkg.in/yaml.v3", "gopkg.in/yaml.v3"),
        ("gopkg.in/a/b.v1", "gopkg.in/a/b.v1"), ("go.uber.org/zap/zapcore", "go.uber.org/zap"),
        ("net/http", None), ("fmt", None), ("golang.org/x/sync/errgroup", "golang.org/x/sync"),
    ],
)  # fmt: skip
def test_a_package_belongs_to_a_module(name: str, package: str | None) -> None:
    assert files.package_of(name) == package


@pytest.mark.parametrize(
    ("name", "text", "built"),
    [
        ("a.go", "package a", True),
        ("a_test.go", "package a", False),
        ("a_linux.go", "package a", True),
        ("a_darwin_arm64.go", "package a", False),
        ("a_linux_amd64.go", "package a", True),
        ("a.go", "//go:build ignore\n\npackage a", False),
        ("a.go", "//go:build linux && (amd64 || arm64)\n\npackage a", True),
        ("a.go", "//go:build !lambda\n\npackage a", False),
        ("a.go", "//go:build integration\n\npackage a", False),
        ("a.go", "// +build windows darwin\n\npackage a", False),
        ("a.go", "// +build !windows\n\npackage a", True),
        ("a.go", "package a\n\n//go:build ignore\n", True),
        ("a.go", "//go:build " + "(" * 5000 + "\n\npackage a", True),
    ],
)
def test_the_build_takes_files_for_lambda(name: str, text: str, built: bool) -> None:
    assert is_built(name, text.encode()) is built
