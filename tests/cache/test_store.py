"""The cache's folder: what it gives back, and what it makes of damage, of other processes and of too little room."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scopedown.cache import store as store_module
from scopedown.cache.store import Store, key_of, usual_folder

SECRET = b"secret"
KEY = key_of("a", 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "cache"), SECRET)


def files(store: Store) -> list[Path]:
    return sorted(path for path in Path(store.folder).rglob("*") if path.is_file() and path.name != "CACHEDIR.TAG")


def test_what_was_put_is_got_and_nothing_else(store: Store) -> None:
    assert store.get(KEY) is None
    store.put(KEY, {"a": [1, None, "é\ud800"]})
    assert store.get(KEY) == {"a": [1, None, "é\ud800"]}
    assert store.get(key_of("a", 2)) is None


@settings(max_examples=60, deadline=None)
@given(PLAIN)
def test_any_plain_data_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, data: object) -> None:
    store = Store(str(tmp_path_factory.mktemp("any")), SECRET)
    store.put(KEY, data)
    assert store.get(KEY) == data


def test_nothing_is_made_by_looking(store: Store) -> None:
    assert store.get(KEY) is None
    assert not Path(store.folder).exists()


def test_nobody_else_can_read_it(store: Store) -> None:
    store.put(KEY, 1)
    if os.name == "posix":
        assert Path(store.folder).stat().st_mode & 0o077 == 0
        assert all(path.stat().st_mode & 0o077 == 0 for path in files(store))


def test_every_damage_is_a_document_that_is_not_there(store: Store) -> None:
    store.put(KEY, {"calls": ["x"] * 20})
    (path,) = files(store)
    whole = path.read_bytes()
    for at in range(0, len(whole), 3):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole[at:]):
            if damaged != whole:
                path.write_bytes(damaged)
                assert store.get(KEY) is None
    path.write_bytes(whole)
    assert store.get(KEY) is not None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_no_document(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    store = Store(str(tmp_path_factory.mktemp("bytes")), SECRET)
    store.put(KEY, 1)
    files(store)[0].write_bytes(content)
    assert store.get(KEY) is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b"9" * 5_000, b"NaN]", b'"\xff"', b""])
def test_json_that_cannot_be_read_is_no_document_even_with_its_digest(store: Store, body: bytes) -> None:
    store.put(KEY, 1)
    files(store)[0].write_bytes(store._head(KEY, body) + b"\n" + body)
    assert store.get(KEY) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_folder_in_a_documents_place_is_not_waited_for(store: Store) -> None:
    store.put(KEY, 1)
    (path,) = files(store)
    path.unlink()
    os.mkfifo(path)
    assert store.get(KEY) is None
    path.unlink()
    path.mkdir()
    assert store.get(KEY) is None
    store.put(KEY, 2)
    assert store.get(KEY) is None


def test_too_large_a_document_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "MAX_DOCUMENT", 100)
    store.put(KEY, "x" * 200)
    assert not Path(store.folder).exists()


def test_what_json_cannot_say_is_not_kept(store: Store) -> None:
    store.put(KEY, {1, 2})
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    store.put(KEY, deep)
    assert store.get(KEY) is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    Store(str(tmp_path / "cache"), SECRET).put(KEY, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_folders_place_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    store = Store(str(tmp_path / "cache"), SECRET)
    store.put(KEY, 1)
    assert store.get(KEY) is None
    assert (tmp_path / "cache").read_text() == "mine"


def test_the_folder_stays_small_and_what_was_used_last_stays(tmp_path: Path) -> None:
    store = Store(str(tmp_path), SECRET, max_bytes=10_000)
    for number in range(60):
        store.put(key_of(number), "x" * 500)
        path = Path(store._path(key_of(number)))
        os.utime(path, (time.time() - 1000 + number,) * 2)
    store.trim()
    assert sum(path.stat().st_size for path in files(store)) <= 7_500
    assert store.get(key_of(59)) is not None
    assert store.get(key_of(0)) is None


def test_leftovers_of_ended_processes_go_and_other_files_stay(tmp_path: Path) -> None:
    store = Store(str(tmp_path), SECRET)
    store.put(KEY, 1)
    folder = Path(store._path(KEY)).parent
    (folder / "x.json.1-2.part").write_text("half")
    os.utime(folder / "x.json.1-2.part", (1, 1))
    (folder / "now.json.1-2.part").write_text("half")
    (folder / "notes.txt").write_text("mine")
    store.trim()
    assert {path.name for path in folder.iterdir()} == {Path(store._path(KEY)).name, "now.json.1-2.part", "notes.txt"}


def test_a_document_in_use_counts_as_used(store: Store) -> None:
    store.put(KEY, 1)
    (path,) = files(store)
    os.utime(path, (1, 1))
    store.get(KEY)
    assert time.time() - path.stat().st_mtime < 60


def _hammer(folder: str, seed: int) -> int:
    store = Store(folder, SECRET, max_bytes=30_000)
    bad = 0
    for number in range(300):
        key = key_of((number * seed) % 20)
        store.put(key, {"key": key, "pad": "x" * (number % 700)})
        found = store.get(key_of(number % 20))
        bad += found is not None and found["key"] != key_of(number % 20)
    return bad


def test_processes_that_write_and_delete_at_once_never_see_half_a_document(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.starmap(_hammer, [(str(tmp_path), seed) for seed in (1, 3, 7)]) == [0, 0, 0]
    assert not list(tmp_path.rglob("*.part"))


FOLDERS = [
    ({"SCOPEDOWN_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/c"),
    ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/x/scopedown"),
    ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "linux", "/h/.cache/scopedown"),
    ({"SCOPEDOWN_CACHE": "", "HOME": "/h"}, "linux", "/h/.cache/scopedown"),
    ({"HOME": "/h"}, "darwin", "/h/Library/Caches/scopedown"),
    ({}, "linux", None),
    ({"HOME": "/h"}, "win32", None),
]


@pytest.mark.parametrize(("environment", "platform", "folder"), FOLDERS)
def test_the_folder_is_where_the_platform_keeps_caches(
    environment: dict[str, str], platform: str, folder: str | None
) -> None:
    assert usual_folder(environment, platform) == folder


def test_a_key_is_of_all_its_parts_in_their_order() -> None:
    keys = {key_of("a", "b"), key_of("b", "a"), key_of("ab"), key_of(["a", "b"]), key_of("a", None, "b")}
    assert len(keys) == 5
    assert key_of({"a": 1, "b": 2}) == key_of(json.loads('{"b": 2, "a": 1}'))
