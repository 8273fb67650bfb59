"""What scopedown makes of real records of CloudTrail: events mapped to IAM's actions, resources found, by evidence.

usage: python bench/observe_real.py FOLDER… [--draw 60 --seed 20261901 [--distinct] --to FILE]

A folder is the work tree of a public set of records: CloudTrail's JSON, one record a line, the same in a zip, or the
tests of Panther's rules (YAML). None of them is part of the project. Events without an action are explained in
``observe_real.tsv`` (``kind``: ``sign-in``, ``service``, ``console``, ``invented``, or ``missed``); one that is not
explained there is an error: exit code 1.

``--draw`` writes records that are drawn by the seed and their ``eventID``, to be read by hand; with ``--distinct`` no
two of them are of one event. ``observe_read.tsv`` holds the readings of three draws, without what the records say: the
beginning of the hash by which a record was drawn, the action, and a hash of principal and resources. Each is compared
with what scopedown says today.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.observe.actions import Evidence, observed
from scopedown.observe.events import Events
from scopedown.observe.reading.files import UnreadableError, records
from scopedown.observe.reading.records import KINDS_OF_EVENTS, SOURCE, Fold
from scopedown.observe.reading.wanted import Wanted

EXPLAINED = Path(__file__).with_name("observe_real.tsv")
READ = Path(__file__).with_name("observe_read.tsv")


def found_in(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a set, whatever their form."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.suffix in (".json", ".gz", ".jsonl"):
                for some in records(path):
                    yield from some
            elif path.suffix == ".zip":
                yield from _zipped(path.read_bytes())
            elif path.suffix in (".yml", ".yaml"):
                yield from _tests(path.read_text("utf-8"))
        except (UnreadableError, zipfile.BadZipFile, yaml.YAMLError):
            continue


def _zipped(data: bytes) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                for line in archive.read(name).decode("utf-8").splitlines():
                    yield json.loads(line)


def _tests(text: str) -> Iterator[dict[str, Any]]:
    rule = yaml.safe_load(text)
    for test in (rule.get("Tests") or []) if isinstance(rule, dict) else []:
        log = test.get("Log")
        yield json.loads(log) if isinstance(log, str) else log


def whole(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a set, each once. What shippers and tests leave out or rename is filled in: the time, the type."""
    seen: set[str] = set()
    for record in found_in(folder):
        if not isinstance(record, dict) or not record.get("eventName") or not record.get("eventSource"):
            continue
        key = json.dumps(record, sort_keys=True, default=str)
        if key in seen:
            continue
        seen.add(key)
        time = str(record.get("eventTime") or record.get("@timestamp") or "")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", time):
            shape = re.match(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})", time)
            time = f"{shape[1]}T{shape[2]}Z" if shape else "2026-01-01T00:00:00Z"
        yield {**record, "eventTime": time}


def hash_of(record: dict[str, Any], seed: str) -> str:
    """By which records are drawn."""
    return hashlib.sha256(f"{seed}{record.get('eventID', '')}".encode()).hexdigest()


def drawn(all_records: list[dict[str, Any]], count: int, seed: str, distinct: bool = False) -> list[dict[str, Any]]:
    """Records that ask for a permission, in the order of their hashes; ``distinct``: one of each event."""
    calls = sorted(
        (one for one in all_records if (one.get("eventType") or "") in KINDS_OF_EVENTS),
        key=lambda one: hash_of(one, seed),
    )
    if distinct:
        calls = [*{(one["eventSource"], one["eventName"]): one for one in reversed(calls)}.values()][::-1]
    return calls[:count]


def said(record: dict[str, Any], events: Events) -> tuple[str, str]:
    """The action that scopedown reads of a record, and the hash of principal and resources. The resource of an action
    that none is named for is ``*``."""
    fold = Fold(Wanted(), events.hints)
    fold.add([record])
    own = [one for one in observed(fold.used, catalog())[0] if one.evidence is not Evidence.IMPLIED]
    resources = {"*" if one.evidence is Evidence.EVENT else one.resource for one in own}
    return "|".join(sorted({one.action for one in own})), hash_of_reading({one.principal for one in own}, resources)


def hash_of_reading(principals: Iterable[str], resources: Iterable[str]) -> str:
    """Of what a record says, without saying it."""
    return hashlib.sha256("|".join((*sorted(principals), "on", *sorted(resources))).encode()).hexdigest()[:16]


def compare(everything: list[dict[str, Any]], events: Events) -> None:
    """Print how many readings agree, and which do not."""
    for seed in dict.fromkeys(row["seed"] for row in read_rows(READ)):
        by_hash: dict[str, list[dict[str, Any]]] = {}
        for one in everything:
            by_hash.setdefault(hash_of(one, seed)[:16], []).append(one)
        rows = [row for row in read_rows(READ) if row["seed"] == seed]
        wrong = []
        for row in rows:
            found = [said(one, events) for one in by_hash.get(row["record"], [])]
            if (row["action"], row["reading"]) not in found:
                wrong.append(f"{row['record']} {row['action']}: {row['note']}")
        print(f"read by hand, seed {seed}: {len(rows) - len(wrong)} of {len(rows)} right")
        for one in wrong:
            print(f"  differs: {one}")


def main() -> int:
    """Print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--seed", default="20261901")
    parser.add_argument("--distinct", action="store_true")
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    events = Events(catalog())
    explained = {
        (row["source"], row["event"]): row["kind"] for row in read_rows(EXPLAINED, ("source", "event", "kind", "why"))
    }
    everything: list[dict[str, Any]] = []
    other: Counter[tuple[str, str]] = Counter()
    calls: Counter[tuple[str, str]] = Counter()
    evidence: Counter[Evidence] = Counter()
    for folder in given.folders:
        fold = Fold(Wanted(), events.hints)
        for record in whole(folder):
            everything.append(record)
            key = re.sub(SOURCE, "", record["eventSource"]), record["eventName"]
            (calls if (record.get("eventType") or "") in KINDS_OF_EVENTS else other)[key] += 1
            fold.add([record])
        found, _ = observed(fold.used, catalog())
        for one in found:
            evidence[one.evidence] += one.count + one.denied
        print(f"{folder}: {fold.used.records} records, {len(fold.used.rows)} rows, {len(found)} actions on resources")
    mapped = [key for key in calls if events.meaning(*key) is not None]
    unmapped = sorted(key for key in calls if events.meaning(*key) is None)
    kinds = Counter(explained.get(key, "not explained") for key in unmapped)
    missed = kinds["missed"] + kinds["not explained"]
    print(f"{sum(calls.values())} calls with {len(calls)} names, {sum(other.values())} other events with {len(other)}")
    share = len(mapped) / (len(mapped) + missed)
    print(f"mapped: {len(mapped)} of {len(mapped) + missed} names of API calls that AWS has ({share:.1%})")
    for source, event in unmapped:
        kind = explained.get((source, event), "not explained")
        print(f"  not mapped: {source} {event} ({calls[source, event]} records): {kind}")
    for name in Evidence:
        print(f"  evidence {name.name.lower()}: {evidence[name]}")
    compare(everything, events)
    if given.draw and given.to:
        given.to.write_text(json.dumps(drawn(everything, given.draw, given.seed, given.distinct), indent=1))
    return 1 if kinds["not explained"] else 0


if __name__ == "__main__":
    sys.exit(main())
