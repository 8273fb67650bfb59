"""What a refresh of the catalog changes, by service, in Markdown: ``python tools/catalog_changes.py [REVISION]``.

Comes in: the tables of a git revision (HEAD), and those of the working tree. Goes out: for each table the rows that are
new, gone or changed, grouped by service (``s3:PutObject`` and ``AWS::S3::Bucket`` both count to ``s3``); the first
names of each. Exit code 0; nothing is printed where nothing changed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "src/scopedown/catalog/tables"
KEYS = {"operations": 2, "waiters": 2, "boto3_resources": 2, "role_parameters": 3}
"""How many of a table's first columns name a row, where it is not one."""
SHOWN = 8
Rows = dict[str, str]


def rows_of(name: str, text: str) -> Rows:
    """The rows of a table by what names them: ``{"s3 PutObject": "s3\\tPutObject\\t…"}``."""
    count = KEYS.get(name, 1)
    rows: Rows = {}
    for line in text.splitlines()[1:]:
        key = " ".join(line.split("\t")[:count])
        rows[key] = f"{rows[key]}\n{line}" if key in rows else line
    return rows


def service_of(key: str) -> str:
    """The service that a row is about.

    >>> service_of("s3:PutObject"), service_of("AWS::S3::Bucket"), service_of("s3 PutObject"), service_of("ReadOnly")
    ('s3', 's3', 's3', 'managed policies')
    """
    if key.startswith("AWS::"):
        return key.split("::")[1].lower()
    if key[:1].isupper():
        return "managed policies"
    return key.split(" ")[0].split(":")[0].lower()


def changes(before: Rows, after: Rows) -> dict[str, dict[str, list[str]]]:
    """By service: the rows that are ``new``, ``gone`` and ``changed``.

    >>> changes({"s3:A": "1", "s3:B": "1"}, {"s3:B": "2", "sqs:C": "1"})
    {'s3': {'gone': ['s3:A'], 'changed': ['s3:B']}, 'sqs': {'new': ['sqs:C']}}
    """
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in sorted(before.keys() | after.keys()):
        kind = "new" if key not in before else "gone" if key not in after else "changed"
        if before.get(key) != after.get(key):
            found[service_of(key)][kind].append(key)
    return {service: dict(kinds) for service, kinds in sorted(found.items())}


def as_markdown(table: str, found: dict[str, dict[str, list[str]]]) -> str:
    """One table's changes; empty where there are none."""
    if not found:
        return ""
    lines = [f"## {table}", "", "| service | new | gone | changed |", "|---|---|---|---|"]
    for service, kinds in found.items():
        cells = []
        for kind in ("new", "gone", "changed"):
            names = kinds.get(kind, [])
            rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            cells.append(f"{', '.join(f'`{name}`' for name in names[:SHOWN])}{rest}")
        lines.append(f"| {service} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def at_revision(revision: str) -> dict[str, str]:
    """The text of every table at a revision, by the table's name; its parts are joined."""
    listed = _git("ls-tree", "--name-only", revision, f"{FOLDER}/").split()
    return _joined((Path(name).name, _git("show", f"{revision}:{name}")) for name in sorted(listed))


def in_tree() -> dict[str, str]:
    """The same of the working tree."""
    return _joined((path.name, path.read_text("utf-8")) for path in sorted((ROOT / FOLDER).glob("*.tsv")))


def _joined(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, text in files:
        table = name.split(".")[0]
        texts[table] = texts[table] + text.partition("\n")[2] if table in texts else text
    return texts


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def main() -> int:
    """Print the changes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", nargs="?", default="HEAD")
    options = parser.parse_args()
    before, after = at_revision(options.revision), in_tree()
    for table in sorted(before.keys() | after.keys()):
        text = as_markdown(table, changes(rows_of(table, before.get(table, "")), rows_of(table, after.get(table, ""))))
        if text:
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
