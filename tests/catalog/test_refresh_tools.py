"""The tools that refresh the AWS data: pins of the newest releases, and the changes by service."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import catalog_changes  # noqa: E402
from catalog.newest import KEPT, date_of, with_pins  # noqa: E402
from catalog.sources import NPM, WHEELS  # noqa: E402


def test_every_pin_can_be_replaced() -> None:
    text = (ROOT / "tools/catalog/sources.py").read_text("utf-8")
    names = (WHEELS.keys() | NPM.keys()) - KEPT
    assert with_pins(text, dict.fromkeys(names, "9.9")).count('": "9.9"') == len(names)


def test_a_pin_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="pinned 0 times"):
        with_pins("WHEELS = {}", {"boto3": "9.9"})


def test_the_date_of_the_data_is_in_the_version() -> None:
    assert date_of("0.1.202610271") == "2026-10-27"


def test_changes_are_grouped_by_service() -> None:
    before = catalog_changes.rows_of("operations", "h\nsqs\tSend\ta\ns3\tGet\ta\ns3\tPut\ta\n")
    after = catalog_changes.rows_of("operations", "h\ns3\tGet\tb\ns3\tPut\ta\nsns\tPublish\ta\n")
    found = catalog_changes.changes(before, after)
    assert found == {"s3": {"changed": ["s3 Get"]}, "sns": {"new": ["sns Publish"]}, "sqs": {"gone": ["sqs Send"]}}
    assert "| sns | `sns Publish` |  |  |" in catalog_changes.as_markdown("operations", found)


def test_nothing_is_said_where_nothing_changed() -> None:
    assert catalog_changes.as_markdown("operations", catalog_changes.changes({"a": "1"}, {"a": "1"})) == ""
