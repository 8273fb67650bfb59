"""Plugins: what is known of each is told from what is not, and after one that was not read nothing is called unused."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from scopedown.core.coverage import Cause
from scopedown.project.load import load_project
from scopedown.project.options import Options
from scopedown.project.serverless import effects
from scopedown.project.serverless.plugin_effects import effect_of
from scopedown.project.serverless.plugins import modules, plain_name, table

SERVICE = "service: s\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions: {hello: {handler: a.b}}\nplugins:\n"


CODES = ("plugin-unknown", "plugin-not-read")


def told(folder: Path, plugins: str) -> list[tuple[str, int, str]]:
    (folder / "serverless.yml").write_text(SERVICE + plugins)
    findings = load_project(folder, Options()).findings
    return [(one.code, one.place.line, one.message) for one in findings if one.place and one.code in CODES]


def unseen(folder: Path, plugins: str) -> list[str]:
    """What the function's code may have that was not read, because of a plugin."""
    (folder / "serverless.yml").write_text(SERVICE + plugins)
    (function,) = load_project(folder, Options()).functions
    return [one.what for one in function.unread if one.cause is Cause.PLUGIN]


def test_a_plugin_that_nobody_knows_is_named_at_its_line(tmp_path: Path) -> None:
    ((code, line, message),) = told(tmp_path, "  - serverless-offline\n  - ./plugins/own\n")
    assert (code, line) == ("plugin-unknown", 6)
    assert "./plugins/own" in message


def test_a_plugin_whose_resources_are_not_read_is_named_with_what_it_adds(tmp_path: Path) -> None:
    ((code, _, message),) = told(tmp_path, "  modules:\n    - serverless-pipes\n")
    assert code == "plugin-not-read"
    assert "EventBridge pipes" in message


@pytest.mark.parametrize(
    "name",
    [
        "serverless-iam-roles-per-function",
        "serverless-webpack",
        "serverless-domain-manager",
        "serverless-lift",
        "serverless-plugin-warmup",
        "serverless-scopedown",
    ],
)
def test_a_plugin_that_is_read_or_changes_nothing_is_silent(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, f"  - {name}\n") == []
    assert unseen(tmp_path, f"  - {name}\n") == []


def test_a_single_plugin_may_stand_without_a_list_as_the_framework_takes_it(tmp_path: Path) -> None:
    ((code, line, message),) = told(tmp_path, "  unheard-of\n")
    assert (code, line) == ("plugin-unknown", 5)
    assert "unheard-of" in message


@pytest.mark.parametrize("name", ["unheard-of", "./own", "serverless-middleware", "serverless-iamroles"])
def test_a_plugin_that_may_change_functions_leaves_them_seen_in_part(tmp_path: Path, name: str) -> None:
    assert unseen(tmp_path, f"  - {name}\n") == [f"the plugin {name} may change the function"]


@pytest.mark.parametrize("name", ["serverless-pipes", "serverless-prune-plugin", "serverless-esbuild"])
def test_a_plugin_that_leaves_functions_alone_leaves_them_whole(tmp_path: Path, name: str) -> None:
    assert unseen(tmp_path, f"  - {name}\n") == []


def test_the_table_is_sorted_and_says_of_each_what_it_changes() -> None:
    assert list(table()) == sorted(table())
    effects = {"nothing", "calls", "code", "modelled", "resources", "functions"}
    assert {effect for effect, _ in table().values()} == effects
    assert all(about for _, about in table().values())


def test_every_effect_of_a_module_is_of_a_plugin_that_the_table_calls_modelled() -> None:
    made = {name for name, (effect, _) in table().items() if effect == "modelled" and effect_of(name) is not None}
    others = {name for name in table() if name not in made and effect_of(name) is not None}
    assert others == set()
    found = {
        name for module in pkgutil.iter_modules(effects.__path__) if not module.ispkg for name in in_module(module.name)
    }
    assert {plain_name(name) for name in made} == found == set(modules())
    assert len(made) == len(modules())


def in_module(name: str) -> Iterable[str]:
    """The plugins of a module of effects."""
    plugins: Iterable[str] = importlib.import_module(f"{effects.__name__}.{name}").EFFECTS
    return plugins
