"""What scopedown makes of real records of CloudTrail: events mapped to IAM's actions, resources found, by evidence.

usage: python bench/observe_real.py FOLDER… [--draw 60 --seed 20261901 --to FILE]

A folder is the work tree of a public set of records: CloudTrail's JSON, one record a line, the same in a zip, or the
tests of Panther's rules (YAML). None of them is part of the project. Events without an action are explained in
``observe_real.tsv`` (``kind``: ``sign-in``, ``service``, ``console``, ``invented``, or ``missed``); one that is not
explained there is an error: exit code 1.

``--draw`` writes records that are drawn by the seed and their ``eventID``, to be read by hand.
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
from collections.abc import Iterator
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


def drawn(all_records: list[dict[str, Any]], count: int, seed: str) -> list[dict[str, Any]]:
    """Records that ask for a permission, in the order of the hashes of seed and ``eventID``."""
    calls = [one for one in all_records if (one.get("eventType") or "") in KINDS_OF_EVENTS]
    return sorted(calls, key=lambda one: hashlib.sha256(f"{seed}{one.get('eventID', '')}".encode()).hexdigest())[:count]


def main() -> int:
    """Print, and answer with the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--seed", default="20261901")
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
    if given.draw and given.to:
        given.to.write_text(json.dumps(drawn(everything, given.draw, given.seed), indent=1))
    return 1 if kinds["not explained"] else 0


if __name__ == "__main__":
    sys.exit(main())
