"""What a report depends on: the questions to the file system that it was made of."""

from __future__ import annotations

from pathlib import Path

from scopedown.source.disk import FEW, Disk, Once


def test_a_later_report_depends_on_what_was_kept_in_something_kept(tmp_path: Path) -> None:
    names = [str(tmp_path / f"file{number}") for number in range(FEW + 5)]
    disk = Disk()
    once = Once(disk)

    def count() -> int:
        return sum(disk.is_file(name) for name in names)

    def double() -> int:
        return 2 * once.get("count", count)

    once.get("count", count)
    for _ in range(2):
        with disk.noting(whole=True) as asked:
            assert once.get("double", double) == 0
        assert set(asked) == {("file", name) for name in names}


def test_using_what_many_questions_were_asked_for_again_and_again_asks_them_once(tmp_path: Path) -> None:
    disk = Disk()
    once = Once(disk)
    names = [str(tmp_path / f"file{number}") for number in range(1000)]
    once.get("count", lambda: sum(disk.is_file(name) for name in names))
    with disk.noting(whole=True) as asked:
        for number in range(1000):
            with disk.noting() as inner:
                once.get("count", lambda: 0)
            assert not inner, number
    assert len(asked) == 1000
