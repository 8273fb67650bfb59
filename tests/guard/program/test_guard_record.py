"""A record is whole whenever it is read."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from scopedown.guard.model import Check, Decided
from scopedown.guard.record import Record, RecordError, mode_of, read

ONE = Decided(
    "sls deploy", "s3.PutObject", Check("s3:PutObject", "arn:aws:s3:::b/é\n\u2028k", {"aws:TagKeys": ["a"]}), False, "",
    "arn:aws:iam::123456789012:user/app", 7, 1.5, "Bucket", True, "app/policy, statement 1", "no",
)  # fmt: skip


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    with Record(tmp_path / "r") as record:
        record(ONE)
    assert list(read(tmp_path / "r")) == [ONE]
    lines = (tmp_path / "r").read_text().split("\n")
    assert json.loads(lines[0])["schema"] == "scopedown.guard/1"
    assert json.loads(lines[-2])["decisions"] == 1
    assert lines[-1] == ""


def test_a_decision_is_in_the_file_before_the_record_is_closed(tmp_path: Path) -> None:
    record = Record(tmp_path / "r")
    record(ONE)
    assert list(read(tmp_path / "r")) == [ONE]
    record.close()


def test_twenty_threads_lose_nothing(tmp_path: Path) -> None:
    with Record(tmp_path / "r") as record:
        threads = [threading.Thread(target=lambda: [record(ONE) for _ in range(100)]) for _ in range(20)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sum(1 for _ in read(tmp_path / "r")) == record.written == 2000


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    with Record(tmp_path / "r") as record:
        record(ONE)
    whole = (tmp_path / "r").read_bytes()
    (tmp_path / "r").write_bytes(whole[: whole.rindex(b'{"ended"') + 5])
    assert list(read(tmp_path / "r")) == [ONE]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    Record(tmp_path / "r").close()
    assert (tmp_path / "r").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json", '{"schema": "scopedown.scan/1"}'])
def test_what_is_no_record_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "r").write_text(text)
    with pytest.raises(RecordError):
        mode_of(tmp_path / "r")


def test_a_line_that_is_no_decision_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "r").write_text('{"schema":"scopedown.guard/1"}\n{"number": 1}\n')
    with pytest.raises(RecordError) as error:
        list(read(tmp_path / "r"))
    assert str(error.value.place).endswith("r:2:1")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be written"):
        Record(tmp_path / "none" / "r")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_told_and_stops_nothing() -> None:
    record = Record(Path("/dev/full"))
    record(ONE)
    record.close()
    assert record.written == 0
    assert record.failed
