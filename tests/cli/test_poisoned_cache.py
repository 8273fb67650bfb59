"""Results that somebody else put into the cache, or into its place, are not believed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from command_line import run
from scopedown.cache.store import FORMAT, Store

SERVICE = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
CODE = "import boto3\ndef f(event, context):\n    boto3.client('s3').delete_bucket(Bucket='b')\n"
STRANGERS = "the key of a stranger"
OWN = "the key of the user!"


def secret(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


@dataclass
class Place:
    """A checkout, its user's cache and key, and what a stranger has who knows all of the checkout."""

    top: Path

    def __post_init__(self) -> None:
        self.checkout, self.cache, self.config = self.top / "checkout", self.top / "cache", self.top / "config"
        (self.checkout / ".git").mkdir(parents=True)
        (self.checkout / "serverless.yml").write_text(SERVICE)
        (self.checkout / "app.py").write_text(CODE)
        self.scan(self.top / "strangers", STRANGERS)
        self.poison: dict[str, bytes] = {}
        """By the path in the cache: the document of the same code without its calls."""
        for path in (self.top / "strangers").rglob("*.json"):
            document = json.loads(path.read_bytes().partition(b"\n")[2])
            if isinstance(document, dict) and "report" in document:
                document["report"]["calls"] = []
                self.poison[str(path.relative_to(self.top / "strangers"))] = json.dumps(document).encode()
        assert self.poison

    def scan(self, cache: Path, key: str = "") -> tuple[str, str]:
        done = run(
            ".", "--jobs", "1", cwd=self.checkout, command="scan", SCOPEDOWN_CACHE=str(cache),
            SCOPEDOWN_CACHE_KEY=key, XDG_CONFIG_HOME=str(self.config),
        )  # fmt: skip
        assert done.returncode == 0
        return done.stdout, done.stderr

    def put(self, head: Callable[[str, bytes], bytes], cache: Path | None = None) -> Path:
        """Write the poison, with a first line for each key and body."""
        for name, body in self.poison.items():
            path = (cache or self.cache) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(head(path.stem, body) + b"\n" + body)
        return cache or self.cache

    def signed(self, key: bytes) -> Callable[[str, bytes], bytes]:
        return Store(str(self.cache), key)._head

    def hold(self, config: Path, key: str, mode: int = 0o600) -> None:
        (config / "scopedown").mkdir(parents=True, exist_ok=True)
        (config / "scopedown" / "cache.key").write_text(key)
        (config / "scopedown" / "cache.key").chmod(mode)


def old_format(place: Place) -> Path:
    return place.put(
        lambda key, body: b"scopedown-cache-1 " + hashlib.blake2b(body, digest_size=16).hexdigest().encode()
    )


def plain_digest(place: Place) -> Path:
    return place.put(lambda key, body: FORMAT + hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode())


def empty_secret(place: Place) -> Path:
    return place.put(place.signed(b""))


def strangers_secret(place: Place) -> Path:
    return place.put(place.signed(secret(STRANGERS)))


def no_signature(place: Place) -> Path:
    return place.put(lambda key, body: FORMAT)


def kept_signature(place: Place) -> Path:
    place.scan(place.cache)
    return place.put(lambda key, body: Path(place.cache, key[:2], f"{key}.json").read_bytes().partition(b"\n")[0])


def moved_document(place: Place) -> Path:
    """A document that the user's own scan signed for another entry, in the place of this one."""
    place.hold(place.config, "b" * 64)
    return place.put(lambda key, body: place.signed(secret("b" * 64))("0" * 40, body))


def cache_in_the_checkout(place: Place) -> Path:
    place.hold(place.config, "b" * 64)
    return place.put(place.signed(secret("b" * 64)), place.checkout / ".scopedown-cache")


def link_into_the_checkout(place: Place) -> Path:
    place.hold(place.config, "b" * 64)
    place.put(place.signed(secret("b" * 64)), place.checkout / "kept")
    place.cache.symlink_to(place.checkout / "kept")
    return place.cache


def tracked_by_git(place: Place) -> Path:
    other = place.top / "other"
    (other / ".git").mkdir(parents=True)
    (other / ".git" / "index").write_bytes(b"DIRC\0\0\0\x02\0\0\0\x01....cache/00/a.json\0\0")
    place.hold(place.config, "b" * 64)
    return place.put(place.signed(secret("b" * 64)), other / "cache")


def key_in_the_checkout(place: Place) -> Path:
    place.config = place.checkout / "config"
    place.hold(place.config, "a" * 64)
    return place.put(place.signed(secret("a" * 64)))


def key_that_others_may_write(place: Place) -> Path:
    place.hold(place.config, "a" * 64, 0o666)
    return place.put(place.signed(secret("a" * 64)))


def key_that_is_a_link(place: Place) -> Path:
    place.hold(place.checkout, "a" * 64)
    (place.config / "scopedown").mkdir(parents=True, exist_ok=True)
    (place.config / "scopedown" / "cache.key").unlink(missing_ok=True)
    (place.config / "scopedown" / "cache.key").symlink_to(place.checkout / "scopedown" / "cache.key")
    return place.put(place.signed(secret("a" * 64)))


def damaged_key(place: Place) -> Path:
    place.hold(place.config, "")
    return place.put(place.signed(secret("")))


WAYS = {
    old_format: "", plain_digest: "", empty_secret: "", strangers_secret: "", no_signature: "", kept_signature: "",
    moved_document: "",
    cache_in_the_checkout: "is inside the scanned repository",
    link_into_the_checkout: "is inside the scanned repository",
    tracked_by_git: "Git tracks files in",
    key_in_the_checkout: "is inside the scanned repository",
    key_that_others_may_write: "others may read or write its key",
    key_that_is_a_link: "cannot be used",
    damaged_key: "is damaged; delete it",
}  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="modes and links are those of POSIX")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_poisoned_cache_is_not_believed(tmp_path: Path, way: Callable[[Place], Path]) -> None:
    place = Place(tmp_path)
    printed, said = place.scan(way(place))
    assert "s3:DeleteBucket" in printed
    assert WAYS[way] in said and said.count("does not use its cache") == bool(WAYS[way])


def test_the_poison_works_for_whoever_has_the_key(tmp_path: Path) -> None:
    place = Place(tmp_path)
    printed, said = place.scan(place.put(place.signed(secret(OWN))), OWN)
    assert "s3:DeleteBucket" not in printed and said.count("does not use its cache") == 0


def test_the_key_is_made_once_for_its_user_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.scan(place.cache)
    (file,) = [path for path in place.config.rglob("*") if path.is_file()]
    held = file.read_bytes()
    assert file.name == "cache.key" and len(held.strip()) == 64
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o600
    place.scan(place.cache)
    assert file.read_bytes() == held


def test_a_key_that_is_too_short_is_none(tmp_path: Path) -> None:
    place = Place(tmp_path)
    printed, said = place.scan(place.cache, "short")
    assert "s3:DeleteBucket" in printed and "SCOPEDOWN_CACHE_KEY has fewer than 16 characters" in said
    assert not place.cache.exists()
