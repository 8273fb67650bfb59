"""Random configurations full of variables: every source, fallbacks, nesting, escapes, and texts that are damaged.

In: a :class:`random.Random`; the same seed gives the same configurations. Out: :class:`Case`, whose configuration is
plain JSON. The files that it names stand beside the golden cases (``tests/project/serverless/golden/variables``), so
that a case which turns out to matter can be kept there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from oracle.harness import ROOT

FILES: Final = ROOT / "tests" / "project" / "serverless" / "golden" / "variables"
ENVIRONMENT: Final = {"FZ_A": "ea", "FZ_VAR": "${self:service}", "FZ_EMPTY": ""}
"""What ``${env:…}`` sees; one value holds a variable itself."""

_KEYS: Final = ("a", "b", "c", "d", "e", "o", "l", "my-key")
_WORDS: Final = ("txt", "", "x y", "p-", "${AWS::Region}", "${Foo}", "$", "$$", "\\", "{}", "1", "true", "é")
_LITERALS: Final = ("'x'", "''", '"y"', '"q\\"x"', "true", "false", "null", "5", "1.5", "-3", "0", "1e3", "0x1F")
_FILE_NAMES: Final = (
    *("d.yml", "d.json", "v.yml", "l.yml", "t.txt", "./d.yml", "dd-dev.yml") * 3, "missing.yml", "bad.yml",
)  # fmt: skip
_FAR: Final = ("ssm:/p", "ssm(eu-west-1):/p", "ssm(raw):/p", "cf:s.Out", "cf(eu-west-1):s.Out", "s3:b/k")
_FILE_KEYS: Final = ("k", "obj", "obj.k", "l.0", "l.9", "v", "no", "s.0", "n", "length")
_DAMAGE: Final = "${}:,()'\"\\ .~"


@dataclass(frozen=True, slots=True)
class Case:
    """One configuration with the options it is resolved with; ``damaged`` tells that some text was."""

    configuration: dict[str, Any]
    options: dict[str, str]
    damaged: bool


def cases(seed: int, number: int) -> Iterator[Case]:
    """That many configurations; a fifth of them holds damaged texts."""
    random = Random(seed)
    for _ in range(number):
        damaged = random.random() < 0.2
        yield Case(_Writer(random, 0.15 if damaged else 0.0).configuration(), _options(random), damaged)


def _options(random: Random) -> dict[str, str]:
    given = {"stage": ("qa", "dev", "prod"), "region": ("ap-south-1", "us-east-1"), "x": ("ox", "${self:service}", "")}
    return {name: random.choice(values) for name, values in given.items() if random.random() < 0.35}


class _Writer:
    """Writes one configuration; ``damage`` is the chance that a text is broken somewhere."""

    def __init__(self, random: Random, damage: float) -> None:
        self.random = random
        self.damage = damage

    def configuration(self) -> dict[str, Any]:
        pick = self.random
        stage: Any = "dev" if pick.random() < 0.6 else self.text(1)
        return {
            "service": "fz",
            "provider": {
                "name": "aws",
                "stage": stage,
                "region": "us-east-1" if pick.random() < 0.7 else self.text(1),
                **({"tags": self.value(2)} if pick.random() < 0.3 else {}),
            },
            "custom": {key: self.value(3) for key in _KEYS if pick.random() < 0.8},
            **({"params": self.params()} if pick.random() < 0.5 else {}),
            "functions": {"f": {"handler": "h.f", "name": self.text(2), "environment": {"E": self.value(1)}}},
        }

    def params(self) -> dict[str, Any]:
        return {
            stage: {name: self.value(2) for name in "pqr" if self.random.random() < 0.6}
            for stage in ("default", "dev", "qa")
            if self.random.random() < 0.7
        }

    def value(self, depth: int) -> Any:
        """A value of any type, most of them texts."""
        roll = self.random.random()
        if depth and roll < 0.12:
            return {self.random.choice(_KEYS): self.value(depth - 1) for _ in range(self.random.randint(0, 3))}
        if depth and roll < 0.2:
            return [self.value(depth - 1) for _ in range(self.random.randint(0, 3))]
        if roll < 0.26:
            return self.random.choice((0, 1, 1.5, True, False, None, 1e21, -7))
        return self.text(depth)

    def text(self, depth: int) -> str:
        """A text of one or several pieces, perhaps damaged."""
        pieces = [
            self.variable(depth) if self.random.random() < 0.7 else self.random.choice(_WORDS)
            for _ in range(self.random.choice((1, 1, 1, 2, 3)))
        ]
        text = "".join(pieces)
        if text and self.random.random() < self.damage:
            at = self.random.randrange(len(text))
            how = self.random.random()
            inserted = "" if how < 0.4 else self.random.choice(_DAMAGE)
            text = text[:at] + inserted + text[at + (0 if how > 0.7 else 1) :]
        return text

    def variable(self, depth: int) -> str:
        space = " " if self.random.random() < 0.8 else ""
        sources = [self.source(depth) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        if self.random.random() < 0.7:
            sources.append(self.random.choice(_LITERALS))
        escape = "\\" * self.random.choice((1, 2, 3)) if self.random.random() < 0.04 else ""
        return f"{escape}${{{f',{space}'.join(sources)}}}"

    def source(self, depth: int) -> str:
        pick = self.random
        kind = pick.choice((*["self"] * 6, "opt", "env", "param", "file", "sls", "aws", "bool", "far"))
        if kind == "self":
            return f"self:{self.inside(depth, pick.choice(self.addresses()))}"
        if kind == "opt":
            return f"opt:{self.inside(depth, pick.choice(('stage', 'region', 'x', 'nope', '')))}"
        if kind == "env":
            return f"env:{self.inside(depth, pick.choice(('FZ_A', 'FZ_VAR', 'FZ_EMPTY', 'FZ_NOPE')))}"
        if kind == "param":
            return f"param:{self.inside(depth, pick.choice('pqrs'))}"
        if kind == "file":
            key = f":{self.inside(depth, pick.choice(_FILE_KEYS))}" if pick.random() < 0.7 else ""
            return f"file({self.inside(depth, pick.choice(_FILE_NAMES))}){key}"
        if kind == "sls":
            return pick.choice((*["sls:stage"] * 9, *["sls:instanceId"] * 3, "sls:no"))
        if kind == "aws":
            return pick.choice((*["aws:accountId"] * 6, *["aws:region"] * 6, "aws:no"))
        if kind == "bool":
            return f"strToBool({self.inside(depth, pick.choice((*['true', 'false', '1', '0', 'TRUE'] * 4, 'x', '')))})"
        return pick.choice((*_FAR * 3, "git:sha1"))

    def addresses(self) -> tuple[str, ...]:
        key, inner = self.random.choice(_KEYS), self.random.choice(_KEYS)
        return (
            f"custom.{key}", f"custom.{key}", f"custom.{key}.{inner}", f"custom.{key}.0", f"params.default.{inner}",
            "provider.stage", "provider.region", "provider.tags", "service", "custom", "", "custom.no",
            f"custom.{key}.length", "functions.f.name",
        )  # fmt: skip

    def inside(self, depth: int, address: str) -> str:
        """An address, perhaps with a variable in it or instead of it."""
        roll = self.random.random()
        if not depth or roll > 0.12:
            return address
        nested = self.variable(depth - 1)
        return nested if roll < 0.04 else f"{address}.{nested}" if roll < 0.08 else f"{address[:-1]}{nested}"
