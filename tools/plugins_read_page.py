"""The lists in docs/plugins-read.md, from the table of plugins and the results of bench/plugins_oracle.py;
``generate.py`` writes what is between the page's two markers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scopedown.core.tables import read_rows
from scopedown.project.serverless import plugins

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "plugins-read.md"
RESULTS = ROOT / "bench" / "plugins_oracle.tsv"
BEGIN, END = "<!-- begin: tools/plugins_read_page.py -->", "<!-- end -->"
TITLES = {
    "functions": "Plugins that may change functions or roles, and are not read",
    "resources": "Plugins that add other resources, and are not read",
    "calls": "Plugins that change nothing in the template, but call AWS",
    "code": "Plugins that build or package code",
    "nothing": "Plugins that change nothing about the deployment",
}


def compared() -> dict[str, str]:
    """Plugin → the versions and frameworks whose output is equal to what scopedown reads."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in read_rows(RESULTS):
        name = row["plugin"]
        if name[-2:-1] == "-" and name[-1].isdigit():  # an older release
            name = name[:-2]
        releases = found.setdefault(name, {}).setdefault(row["version"], [])
        if row["result"] == "equal" and row["framework"] not in releases:
            releases.append(row["framework"])
    return {
        name: "; ".join(f"{version}: {', '.join(releases)}" for version, releases in sorted(versions.items()))
        for name, versions in found.items()
    }


def listing() -> Iterator[str]:
    """The lines of the lists."""
    rows = [*read_rows(Path(plugins.__file__).with_name("plugins.tsv"))]
    equal = compared()
    yield "## Plugins that scopedown reads"
    yield ""
    yield "| plugin | what it changes | equal to the plugin's own output |"
    yield "|---|---|---|"
    for row in rows:
        if row["effect"] == "modelled":
            yield f"| `{row['plugin']}` | {row['about']} | {equal.get(row['plugin'], 'not in this comparison')} |"
    for effect, title in TITLES.items():
        yield from ("", f"## {title}", "", "| plugin | what it is about |", "|---|---|")
        yield from (f"| `{row['plugin']}` | {row['about']} |" for row in rows if row["effect"] == effect)


def files() -> dict[Path, str]:
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    return {PAGE: f"{head}{BEGIN}\n\n" + "\n".join(listing()) + f"\n\n{END}{tail}"}
