"""How the settings file becomes defaults: PATH says which file, and click takes values that no option gives from it.

A command that takes PATH gives it the callback :func:`with_settings` and makes it eager: the file is read before any
option looks for its default.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from scopedown.cli.settings.read import Settings

_KEY = "scopedown.settings"


def with_settings(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Read the settings of the folder of PATH (of several, the first), and make them the command's defaults."""
    if not ctx.resilient_parsing:  # a shell that completes
        from scopedown.cli.repositories import repository_of
        from scopedown.cli.settings.read import settings

        first = Path(next(iter(value if isinstance(value, tuple) else (value,)), Path()))
        folder = first if first.is_dir() else first.parent
        ctx.meta[_KEY] = found = settings(folder, repository_of(folder))
        ctx.default_map = {**(ctx.default_map or {}), **_defaults(found, ctx)}
    return value


def with_parameters(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """``--param`` beside the parameters of the settings file, which those of the command line replace by name."""
    given = {one.partition("=")[0] for one in value}
    kept = () if ctx.resilient_parsing else read_settings().parameters.items()
    return (*(f"{name}={text}" for name, text in kept if name not in given), *value)


def read_settings() -> Settings:
    """The settings that this command was given."""
    from scopedown.cli.settings.read import Settings

    found: Settings | None = click.get_current_context().meta.get(_KEY)
    return found or Settings()


def is_of_settings(parameter: str) -> bool:
    """Whether an option's value comes from the settings file, which is for projects of every kind."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(parameter) is ParameterSource.DEFAULT_MAP


def _defaults(found: Settings, ctx: click.Context) -> dict[str, Any]:
    """The values for the options that this command has."""
    from scopedown.cli.settings.table import SETTINGS, TOP

    options = {one.name: one for one in ctx.command.params if isinstance(one, click.Option)}
    values: dict[str, Any] = {}
    for one in SETTINGS:
        value, option = found.of(one.section, one.name), options.get(one.parameter)
        if value is None or option is None or one.section not in (TOP, ctx.info_name):
            continue
        if isinstance(option.type, click.Choice) and value not in option.type.choices:
            continue  # prove runs no serverless 4
        values[one.parameter] = value
    return values
