"""The lists in docs/framework-plugins.md, from the tables of ``deploy``; ``generate.py`` writes what is between the
page's markers.
"""

from __future__ import annotations

import re
from pathlib import Path

from scopedown.deploy.rows import CommandRow, command_rows, plugin_rows

PAGE = Path(__file__).resolve().parent.parent / "docs" / "framework-plugins.md"
BEGIN, END = "<!-- begin: tools/plugins_page.py {} -->", "<!-- end -->"


def calling() -> str:
    """One line a plugin that calls AWS: its commands, each with the actions."""
    by_plugin: dict[str, list[CommandRow]] = {}
    for row in command_rows("v3"):
        if row.plugin:
            by_plugin.setdefault(row.plugin, []).append(row)
    lines = ["| plugin | actions of each command | from |", "|---|---|---|"]
    for name in sorted(by_plugin, key=_plain):
        rows = by_plugin[name]
        commands: dict[str, dict[str, None]] = {}
        for row in rows:
            for command in row.command.split(","):
                commands.setdefault("every command" if command == "*" else command, {})[row.action] = None
        told = "; ".join(f"{command}: {', '.join(f'`{one}`' for one in _short(commands[command]))}"
                         for command in _merged(commands))  # fmt: skip
        lines.append(f"| {name} | {told} | {_source(name, rows)} |")
    return "\n".join(lines)


def _merged(commands: dict[str, dict[str, None]]) -> dict[str, dict[str, None]]:
    """Commands with the same actions are told together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for command, actions in commands.items():
        together.setdefault(tuple(actions), []).append(command)
    found = {", ".join(names): dict.fromkeys(actions) for actions, names in together.items()}
    commands |= found
    return found


def _short(actions: dict[str, None]) -> list[str]:
    return sorted(actions)


def _source(name: str, rows: list[CommandRow]) -> str:
    """The version that was read, and how many of its rows a run has shown."""
    version = plugin_rows()[name].source.rpartition(" ")[2]
    measured = [row for row in rows if row.source.startswith("measured")]
    return f"{version}, {len(measured)} of {len(rows)} measured" if measured else f"{version}, read"


def remaining() -> str:
    """One line a plugin that does what no row grants."""
    lines = ["| plugin | what the policy lacks | where |", "|---|---|---|"]
    for name, row in sorted(plugin_rows().items(), key=lambda item: _plain(item[0])):
        if row.remains:
            lines.append(f"| {name} | {row.remains} | {f'`{row.when}`' if row.when else 'always'} |")
    return "\n".join(lines)


def silent() -> str:
    """The plugins that call nothing, with the version that was read."""
    found = sorted((one for one in plugin_rows().values() if one.calls == "none"), key=lambda one: _plain(one.plugin))
    return ",\n".join(
        f"{one.plugin} {version}" if (version := one.source.rpartition(" ")[2])[:1].isdigit() else one.plugin
        for one in found
    )


def _plain(name: str) -> str:
    return re.sub(r"^@[^/]+/", "", name)


def files() -> dict[Path, str]:
    text = PAGE.read_text(encoding="utf-8")
    for part, content in (("calling", calling()), ("remaining", remaining()), ("silent", silent())):
        begin = BEGIN.format(part)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(END)
        text = f"{before}{begin}\n\n{content}\n\n{END}{after}"
    return {PAGE: text}
