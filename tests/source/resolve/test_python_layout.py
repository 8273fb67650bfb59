"""Python's metadata: what is written in odd ways, or by somebody who means harm."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from scopedown.source.resolve.python_layout import Layout, layout


@pytest.fixture(autouse=True)
def deep() -> Iterator[None]:
    """The recursion that the interpreter allows itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(15_000)
    yield
    sys.setrecursionlimit(before)


def of(name: str, text: str) -> Layout:
    return layout(lambda file: text if file == name else None)


@pytest.mark.parametrize(
    "text",
    [
        "setup(" + "-" * 50_000 + "1)",
        "setup(a" + ".b" * 50_000 + ")",
        "setup(packages=1" + "+1" * 50_000 + ")",
        "setup(" + "(" * 50_000,
        "setup" + "()" * 50_000,
        "setup(x=" + "not " * 50_000 + "1)",
        "setup(\0)",
        "setup(name=1, package_dir=[], packages=find_packages(where=1), install_requires={1: 2})",
        "setup(name=NAME, package_dir={'': 'a', **more})",
    ],
)
def test_a_setup_that_cannot_be_understood_names_nothing(text: str) -> None:
    assert of("setup.py", text) == Layout(is_there=True)


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nuv = 1\npoetry = []",
        "[project]\nname = 3\ndependencies = [1, {a = 1}]",
        "[dependency-groups]\na = [1]\nb = 'x'",
        "[tool.setuptools]\npackages = ['a']\npackage-dir = {'' = 3}",
        "[tool.setuptools.packages.find]\nwhere = 'src'",
        "x = " + "[" * 5_000,
    ],
)
def test_a_pyproject_of_other_types_names_nothing(text: str) -> None:
    assert of("pyproject.toml", text) == Layout(is_there=True)


def test_requirements_that_include_each_other_are_read_once() -> None:
    read: list[str] = []

    def requirements(name: str) -> str | None:
        read.append(name)
        return "-r a.txt\n-r b.txt\n-r ../b.txt\nboto3\n" * 300 if name.endswith(".txt") else None

    assert layout(requirements).requires == {"boto3"}
    assert len(read) == len(set(read)) < 20


def test_folders_that_metadata_names() -> None:
    text = "[tool.hatch.build]\nsources = {'code/store' = 'shop/store'}\n[tool.pdm.build]\npackage-dir = 'lib'\n"
    text += "[tool.uv.sources]\nmail = [{path = '../mail'}, {git = 'x'}]\n[tool.poetry]\nname = 'Shop_Store'\n"
    found = of("pyproject.toml", text)
    assert found.anchors == (("shop.store", "code/store"), ("", "lib"))
    assert found.places == ("../mail",) and found.requires == {"mail"} and found.name == "shop-store"
