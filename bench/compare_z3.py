"""The same random pairs asked of z3's theory of strings: do the two agree, and which is faster?

    python -m venv Z3 && Z3/bin/pip install z3-solver
    PYTHONPATH=src Z3/bin/python bench/compare_z3.py --count 200 --seconds 5

z3 knows nothing of scopedown: a policy becomes a formula over texts, numbers and addresses. Pairs with set operators,
or with a key that two types read, are left out. Where z3 gives up in its time nothing is compared.
"""

from __future__ import annotations

import argparse
import ipaddress
import random
import sys
import time
from collections import Counter
from typing import Any

import z3  # type: ignore[import-not-found]
from compare_pairs import KEYS, NAMES, pair

from scopedown.iam import Policy, Statement
from scopedown.iam.arn import resource_template
from scopedown.iam.newaccess import new_access
from scopedown.iam.operators import read_date, read_number
from scopedown.iam.wildcard import Wild, glob

_ANY = z3.Full(z3.ReSort(z3.StringSort()))
_CHAR = z3.AllChar(z3.ReSort(z3.StringSort()))
_FIELD = z3.Intersect(_CHAR, z3.Complement(z3.Re(":")))
_ARN = z3.Concat(z3.Re("arn:"), *(part for _ in range(4) for part in (z3.Star(_FIELD), z3.Re(":"))), _ANY)


def regex(parts: Any, *, fold: bool = False, in_fields: bool = False) -> Any:
    """A pattern of the policy language as z3's regular expression."""
    pieces = []
    colons = 0
    for part in parts:
        if isinstance(part, str):
            for char in part:
                colons += char == ":"
                both = {char.lower(), char.upper()} if fold and char.isascii() else {char}
                pieces.append(z3.Union(*map(z3.Re, sorted(both))) if len(both) > 1 else z3.Re(char))
            continue
        inside = part in (Wild.ANY_IN_FIELD, Wild.ONE_IN_FIELD) or (in_fields and colons < 5)
        one = _FIELD if inside else _CHAR
        pieces.append(z3.Star(one) if part in (Wild.ANY, Wild.ANY_IN_FIELD) else one)
    return z3.Concat(*pieces) if len(pieces) > 1 else pieces[0] if pieces else z3.Re("")


class Formula:
    """The unknown request."""

    def __init__(self) -> None:
        self.action, self.resource = z3.String("action"), z3.String("resource")
        self.keys: dict[str, dict[str, Any]] = {}

    def key(self, name: str) -> dict[str, Any]:
        """The parts of a condition key's value."""
        if name not in self.keys:
            self.keys[name] = {
                "there": z3.Bool(f"{name} there"), "text": z3.String(f"{name} text"), "typed": z3.Bool(f"{name} typed"),
                "number": z3.Real(f"{name} number"), "flag": z3.Bool(f"{name} flag"), "six": z3.Bool(f"{name} six"),
                "address": z3.Int(f"{name} address"),
            }  # fmt: skip
        return self.keys[name]

    def allowed(self, policy: Policy) -> Any:
        """Some Allow holds and no Deny."""
        holds = [(one.effect, self.statement(one)) for one in policy.statements]
        allow = z3.Or(*(formula for effect, formula in holds if effect == "Allow"), z3.BoolVal(False))
        deny = z3.Or(*(formula for effect, formula in holds if effect == "Deny"), z3.BoolVal(False))
        return z3.And(allow, z3.Not(deny))

    def statement(self, one: Statement) -> Any:
        """A statement's parts, all of which must hold."""
        actions = z3.Or(
            *(z3.InRe(self.action, regex(glob(text.lower()))) for text in one.action or one.not_action or ())
        )
        written = one.resource or one.not_resource or ()
        patterns = [resource_template(text, variables=False, pad=True) for text in written]
        resources = z3.Or(*(z3.InRe(self.resource, regex(parts)) for parts in patterns))
        parts = [z3.Not(actions) if one.action is None else actions]
        parts.append(z3.Not(resources) if one.resource is None else resources)
        return z3.And(*parts, *(self.condition(each) for each in one.condition))

    def condition(self, one: Any) -> Any:
        """One operator on one key: the values are joined by OR, those of a negated operator by NOR."""
        base = one.operator.removesuffix("IfExists")
        key, negated = self.key(one.key), "Not" in base
        if base == "Null":
            empty = z3.Or(z3.Not(key["there"]), z3.And(KEYS[one.key][0] in ("String", "Arn"), key["text"] == ""))
            return z3.Or(*(empty if text == "true" else z3.Not(empty) for text in one.texts))
        held = z3.Or(*(self.value(base, key, text) for text in one.texts), z3.BoolVal(False))
        typed = self.typed(base, key)
        holds = z3.And(key["there"], typed, z3.Not(held) if negated else held)
        return z3.Or(z3.Not(key["there"]), holds) if negated or base != one.operator else holds

    @staticmethod
    def typed(base: str, key: dict[str, Any]) -> Any:
        """Whether the value is of the operator's type: else the condition is false under both signs."""
        if base.startswith("String"):
            return z3.BoolVal(True)
        return z3.InRe(key["text"], _ARN) if base.startswith("Arn") else key["typed"]

    @staticmethod
    def value(base: str, key: dict[str, Any], text: str) -> Any:
        """Whether the value fits one value of the policy."""
        if base.startswith("String"):
            like = "Like" in base
            return z3.InRe(key["text"], regex(glob(text) if like else (text,), fold="IgnoreCase" in base))
        if base.startswith("Arn"):
            parts = glob(text)
            if parts == (Wild.ANY,):
                return z3.BoolVal(True)
            return z3.InRe(key["text"], regex(parts, in_fields=True)) if text.count(":") >= 5 else z3.BoolVal(False)
        if base == "Bool":
            return key["flag"] == (text.lower() == "true")
        if "Ip" in base:
            network = ipaddress.ip_network(text, strict=False)
            first, last = int(network.network_address), int(network.broadcast_address)
            return z3.And(key["six"] == (network.version == 6), key["address"] >= first, key["address"] <= last)
        number = read_number(text) if base.startswith("Numeric") else read_date(text)
        if number is None:
            return z3.BoolVal(False)
        wanted, value = z3.RealVal(str(number)), key["number"]
        for name, formula in (
            ("LessThanEquals", value <= wanted), ("GreaterThanEquals", value >= wanted), ("LessThan", value < wanted),
            ("GreaterThan", value > wanted),
        ):  # fmt: skip
            if base.endswith(name):
                return formula
        return value == wanted


def asked(old: Policy, new: Policy, seconds: float) -> str:
    """What z3 says."""
    formula = Formula()
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    solver.add(formula.allowed(new), z3.Not(formula.allowed(old)))
    solver.add(z3.InRe(formula.action, z3.Concat(_ANY, z3.Re(":"), _ANY)), formula.action != "sts:getcalleridentity")
    for key in formula.keys.values():
        low, high = key["address"] >= 0, key["address"] < z3.If(key["six"], z3.IntVal(2**128), z3.IntVal(2**32))
        solver.add(low, high)
    found = solver.check()
    return "new access" if found == z3.sat else "no new access" if found == z3.unsat else "unknown"


def is_plain(policy: Policy) -> bool:
    """Whether z3 is given the policy: no set operators, and one type a key."""
    return all(
        ":" not in one.operator
        and (one.operator == "Null" or one.operator.replace("Not", "").startswith(KEYS[one.key][0]))
        for statement in policy.statements
        for one in statement.condition
    )


def main() -> int:
    """Compare; exit code 1 where the two differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args()
    r = random.Random(given.seed)
    seen: Counter[str] = Counter()
    ours: list[float] = []
    theirs: list[float] = []
    while sum(seen.values()) < given.count:
        old, new = pair(r, "identity")
        if not (is_plain(old) and is_plain(new)):
            continue
        start = time.perf_counter()
        found = new_access([[old]], [[new]], NAMES).answer
        middle = time.perf_counter()
        answer = asked(old, new, given.seconds)
        ours.append(middle - start)
        theirs.append(time.perf_counter() - middle)
        seen["z3 gave up" if answer == "unknown" else "agree" if answer == found else "differ"] += 1
        if answer not in ("unknown", found):
            print(f"z3 says {answer}, scopedown {found}\n  {old.emit()}\n  {new.emit()}", flush=True)
    ours.sort()
    theirs.sort()
    middle_ = len(ours) // 2
    print(f"{dict(seen)}; median {ours[middle_] * 1000:.2f} ms against z3's {theirs[middle_] * 1000:.0f} ms")
    return 1 if seen["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
