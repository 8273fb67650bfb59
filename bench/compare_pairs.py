"""Random pairs of policies: does the comparison say what brute force over all classes says?

    python bench/compare_pairs.py                   # 4,000 pairs against brute force
    python bench/compare_pairs.py --kind resource   # 2,000 pairs of resource policies, each "no" is attacked
    python bench/compare_pairs.py --kind variables  # 600 pairs with policy variables, attacked alike
    python bench/compare_pairs.py --kind rcp        # 1,000 pairs of sets with RCPs, and of RCPs alone, attacked alike

Brute force shares nothing with the comparison but the evaluator: actions and resources are the classes that all
patterns of a pair tell apart (``Walk.classes``), values of keys are all short texts, and every combination is looked
at, by the sets of statements that hold. An attack draws 1,500 requests from the words of both policies. Names of roles
are unique in an account, so where ``role/app`` is named, a session of ``app`` is taken to be that role's.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from itertools import combinations, product
from typing import Any

from scopedown.iam import Caller, Kind, Policy, parse_policy
from scopedown.iam.language import Walk
from scopedown.iam.newaccess import new_access
from scopedown.iam.newaccess.model import Witness
from scopedown.iam.newaccess.verify import Judge, Layers, limits_alone, names_principals
from scopedown.iam.policyset import Layer
from scopedown.iam.request import derived_context
from scopedown.iam.rule import Place, Rule, action_globs, condition_tests
from scopedown.iam.wildcard import Wild, expand, matcher

Json = dict[str, Any]
NAMES = ("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "s3:DeleteObject", "sqs:SendMessage", "sqs:ListQueues")
ELSEWHERE = ("ec2:RunInstances", "ec2:New", "kms:RetireGrant", "kms:Decrypt")
"""Names that RCPs do not reach, and one that they do."""
ACTIONS = (
    "s3:GetObject", "s3:Get*", "s3:*Object", "s3:PutObject", "s3:?etObject", "s3:*", "*", "sqs:*", "sqs:SendMessage",
    "s3:G*t*", "S3:getobject", "s3:New",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::a/?", "arn:aws:s3:::*/x", "arn:aws:s3:::b*",
    "arn:aws:s3:::*a*", "arn:aws:s3:::*ab*", "arn:aws:s3:::a/x", "arn:aws:sqs:*:*:q", "arn:aws:sqs:r:1:*",
    "arn:aws:sqs:r?:*:q*", "arn:aws:s3*", "arn:aws:s3:::?*",
)  # fmt: skip
KEYS = {
    "x:text": ("String", ("a", "b", "ab", "A", "a*", "*b", "", "?b", "*a*", "aB")),
    "x:tag": ("String", ("a", "b", "c")),
    "x:count": ("Numeric", ("1", "2", "2.0", "10")),
    "x:when": ("Date", ("2020-01-01", "2021-01-01T00:00:00Z")),
    "x:flag": ("Bool", ("true", "false")),
    "x:ip": ("IpAddress", ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32")),
    "x:arn": ("Arn", ("arn:aws:s3:::a", "arn:aws:s3:::*", "arn:aws:sqs:*:1:q", "*")),
}
OPERATORS = {
    "String": ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    "Numeric": ("NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericNotEquals"),
    "Date": ("DateEquals", "DateLessThan", "DateGreaterThanEquals"),
    "Bool": ("Bool",),
    "IpAddress": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnLike", "ArnNotEquals"),
}
VALUES = {
    "String": [
        "",
        *("".join(one) for size in (1, 2, 3) for one in product("abABz", repeat=size)),
        "c",
        "C",
        "true",
        "1",
        "2",
        "a*",
        "*b",
        "?b",
        "*a*",
        "A*",
        "*B",
        "?B",
        "*A*",
    ],
    "Numeric": ["", "x", "0", "1", "1.5", "2", "2.00", "5", "10", "11", "a"],
    "Date": ["", "x", "2019-01-01", "2020-01-01", "2020-06-01", "2021-01-01", "2022-01-01"],
    "Bool": ["", "x", "true", "false", "TRUE", "False"],
    "IpAddress": ["", "x", "9.0.0.1", "10.0.0.1", "10.1.0.1", "11.0.0.1", "2001:db8::1", "2002::1"],
    "Arn": ["", "x", "arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:sqs:r:1:q", "arn:aws:sqs:r:2:q", "arn:aws:sqs:r:1:z"],
}
PRINCIPALS = (
    "*", {"AWS": "*"}, {"AWS": "111111111111"}, {"AWS": "arn:aws:iam::111111111111:root"},
    {"AWS": "arn:aws:iam::111111111111:role/app"}, {"AWS": "arn:aws:iam::111111111111:role/p/app"},
    {"AWS": "arn:aws:iam::111111111111:user/ann"}, {"AWS": "arn:aws:sts::111111111111:assumed-role/app/s"},
    {"AWS": "arn:aws:sts::111111111111:federated-user/ann"},
    {"AWS": ["222222222222", "arn:aws:iam::111111111111:user/ann"]}, {"Service": "lambda.amazonaws.com"},
    {"Federated": "accounts.google.com"}, {"Service": ["sns.amazonaws.com"], "AWS": "222222222222"},
)  # fmt: skip
PRINCIPAL_CONDITIONS: tuple[Json, ...] = (
    {"StringEquals": {"aws:PrincipalAccount": "111111111111"}},
    {"StringNotEquals": {"aws:PrincipalAccount": ["111111111111", "222222222222"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::1111*:user/a*"}},
    {"StringEquals": {"aws:PrincipalType": "User"}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"StringEqualsIfExists": {"aws:PrincipalServiceName": "sns.amazonaws.com"}},
    {"StringEquals": {"aws:username": "ann"}},
    {"Null": {"aws:PrincipalArn": "true"}},
)


def some(r: random.Random, items: Any, most: int) -> list[Any]:
    """One to ``most`` different items."""
    return r.sample(list(items), r.randint(1, min(most, len(items))))


def condition(r: random.Random) -> Json:
    """One random condition block of one or two operators."""
    block: Json = {}
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        key = r.choice(list(KEYS))
        family, values = KEYS[key]
        if r.random() < 0.06:
            family, values = r.choice((("String", ("true", "2", "a")), ("Bool", ("true",)), ("Numeric", ("2",))))
        if r.random() < 0.12:
            block.setdefault("Null", {})[key] = r.choice(("true", "false"))
            continue
        operator = r.choice(OPERATORS[family])
        if r.random() < 0.15:
            operator += "IfExists"
        if r.random() < 0.2:
            operator = r.choice(("ForAllValues:", "ForAnyValue:")) + operator
        chosen = some(r, values, min(3, len(values))) if family != "Bool" else [r.choice(values)]
        block.setdefault(operator, {})[key] = chosen
    return block


def statement(r: random.Random, kind: str) -> Json:
    """One random statement of a kind of policy."""
    one: Json = {"Effect": "Deny" if r.random() < 0.3 else "Allow"}
    one["NotAction" if r.random() < 0.1 else "Action"] = some(r, ACTIONS, 3)
    one["NotResource" if r.random() < 0.15 else "Resource"] = some(
        r, RESOURCES if r.random() < 0.9 else RESOURCES[:1], 3
    )
    if one.get("NotResource"):
        one["NotResource"] = [x for x in one["NotResource"] if x != "*"] or ["arn:aws:s3:::a"]
    if kind == "resource":
        one["NotPrincipal" if one["Effect"] == "Deny" and r.random() < 0.3 else "Principal"] = r.choice(PRINCIPALS)
    if r.random() < 0.55:
        one["Condition"] = condition(r)
    if kind == "resource" and r.random() < 0.3:
        for operator, keys in r.choice(PRINCIPAL_CONDITIONS).items():
            one.setdefault("Condition", {}).setdefault(operator, {}).update(keys)
    if kind == "variables":
        _with_variable(r, one)
    return one


VARIABLES = ("aws:username", "x:tag", "aws:PrincipalTag/team")


def _with_variable(r: random.Random, one: Json) -> None:
    """A variable somewhere in a statement."""
    name = "${" + r.choice(VARIABLES) + r.choice(("", "", "", ", 'a'")) + "}"
    if r.random() < 0.7:
        text = r.choice(
            ("arn:aws:s3:::a/@/*", "arn:aws:s3:::a/@", "arn:aws:s3:::@", "arn:aws:s3:::a/@/x", "arn:aws:s3:::*@*")
        )
        element = "NotResource" if "NotResource" in one else "Resource"
        one[element] = [*one[element][:1], text.replace("@", name)] if r.random() < 0.4 else [text.replace("@", name)]
    if r.random() < 0.4:
        operator = r.choice(
            ("StringEquals", "StringEquals", "StringNotEquals", "StringLike", "ForAnyValue:StringEquals")
        )
        value = r.choice(("@", "@", "@*", "a@")).replace("@", name)
        one.setdefault("Condition", {}).setdefault(operator, {})[r.choice(("x:owner", "x:text"))] = value
    if r.random() < 0.25:
        one.setdefault("Condition", {}).setdefault("StringEquals", {})[r.choice(VARIABLES)] = r.choice(
            ("a", "b", ["a", "x"])
        )


def document(r: random.Random, kind: str) -> Json:
    """A random policy of up to three statements."""
    return {"Version": "2012-10-17", "Statement": [statement(r, kind) for _ in range(r.choice((1, 2, 2, 3)))]}


def changed(r: random.Random, old: Json, kind: str) -> Json:
    """A policy near another one, as a change of it is."""
    statements = [dict(one) for one in old["Statement"]]
    for _ in range(r.choice((1, 1, 2))):
        at = r.randrange(len(statements))
        what = r.random()
        if what < 0.3:
            statements[at] = statement(r, kind)
        elif what < 0.5:
            statements.insert(at, statement(r, kind))
        elif what < 0.65 and len(statements) > 1:
            del statements[at]
        elif what < 0.8 and "Condition" in statements[at]:
            del statements[at]["Condition"]
        else:
            other = statement(r, kind)
            for name in ("Condition", "Principal", "NotPrincipal"):
                if name in other and name in statements[at]:
                    statements[at][name] = other[name]
    return {**old, "Statement": statements}


def pair(r: random.Random, kind: str) -> tuple[Policy, Policy]:
    """Two random policies, that often have much in common."""
    old = document(r, kind)
    new = changed(r, old, kind) if r.random() < 0.7 else document(r, kind)
    name = "resource" if kind == "resource" else "identity"
    return parse_policy(old, name), parse_policy(new, name)


def rcp_layers(r: random.Random) -> tuple[list[list[Policy]], list[list[Policy]]]:
    """Two sets: identity policies and RCPs, or RCPs alone."""
    alone = r.random() < 0.4
    sides: list[list[list[Policy]]] = []
    denies = [_of_rcp(r) for _ in range(r.choice((1, 2)))]
    identity = [statement(r, "identity") for _ in range(r.choice((1, 2, 2)))]
    for _ in range(2):
        rcp = parse_policy({"Version": "2012-10-17", "Statement": denies}, "rcp")
        own = [] if alone else [parse_policy({"Version": "2012-10-17", "Statement": identity})]
        sides.append([list(limits_alone(Kind.RCP, (rcp,))) if alone else [*own, rcp]])
        denies = [_of_rcp(r) if r.random() < 0.4 else one for one in denies] + (
            [_of_rcp(r)] if r.random() < 0.2 else []
        )
        identity = [statement(r, "identity") if r.random() < 0.3 else one for one in identity]
    return sides[0], sides[1]


def _of_rcp(r: random.Random) -> Json:
    one = {**statement(r, "identity"), "Effect": "Deny", "Principal": "*"}
    key = "NotAction" if "NotAction" in one else "Action"
    one[key] = [*one[key], r.choice(("ec2:*", "kms:*", "kms:RetireGrant", "ec2:Run*", "s3:?et*"))]
    if "NotAction" not in one and r.random() < 0.5:
        one["Action"] = r.choice(("*", "s3:*", "s3:*Object"))
    for element in ("Resource", "NotResource"):  # every pattern of an RCP is a whole ARN
        if element in one:
            one[element] = [text for text in one[element] if text == "*" or text.count(":") > 4] or ["arn:aws:s3:::a"]
    return one


# --- brute force -----------------------------------------------------------------------------------------------------


def brute(old: Policy, new: Policy) -> bool:
    """Whether the new policy allows a request that the old one does not, by every combination of classes."""
    rules = [
        Rule(Place(Layer.IDENTITY, 0, policy, at)) for policy in (old, new) for at in range(len(policy.statements))
    ]
    sides = [(policy is new, one.effect == "Allow") for policy in (old, new) for one in policy.statements]

    def of(is_new: bool, allow: bool) -> int:
        return sum(1 << at for at, side in enumerate(sides) if side == (is_new, allow))

    old_allow, old_deny, new_allow, new_deny = of(False, True), of(False, False), of(True, True), of(True, False)
    actions = {_held(rules, action=text) for text in _action_texts(rules)}
    resources = {_held(rules, resource=text) for text in _resource_texts(rules)}
    contexts = {(1 << len(rules)) - 1}
    for key in {condition.key.lower() for rule in rules for condition in rule.statement.condition}:
        options = _key_masks(rules, key)
        contexts = {one & other for one in contexts for other in options}
    for held in {one & other & third for one in actions for other in resources for third in contexts}:
        if held & new_allow and not held & new_deny and (held & old_deny or not held & old_allow):
            return True
    return False


def _held(rules: list[Rule], action: str | None = None, resource: str | None = None) -> int:
    mask = 0
    for at, rule in enumerate(rules):
        if action is not None:
            globs, complement = action_globs(rule.statement)
            holds = any(matcher(one)(action) for one in globs) is not complement
        else:
            test = rule.resource
            holds = test is None or test(resource or "", {})
        mask |= holds << at
    return mask


def _action_texts(rules: list[Rule]) -> list[str]:
    region = (Wild.ANY, ":", Wild.ANY)
    patterns = {expand(one) for rule in rules for one in action_globs(rule.statement)[0]}
    return [*Walk([region, *patterns]).classes().values(), *(name.lower() for name in NAMES)]


def _resource_texts(rules: list[Rule]) -> list[str]:
    patterns = {expand(one) for rule in rules for one in rule.templates}  # type: ignore[arg-type]
    return list(Walk([(Wild.ANY,), *patterns]).classes().values())


def _key_masks(rules: list[Rule], key: str) -> set[int]:
    """The sets of statements whose conditions on a key hold, for every case of the key."""
    tests = []
    for rule in rules:
        every = condition_tests(rule.statement, rule.place.policy)
        tests.append(
            [test for test, one in zip(every, rule.statement.condition, strict=True) if one.key.lower() == key]
        )
    flat = [(at, test) for at, several in enumerate(tests) for test in several]

    def mask(context: Json) -> int:
        out = (1 << len(rules)) - 1
        for at, test in flat:
            if not test(context):
                out &= ~(1 << at)
        return out

    def vector(value: Any) -> tuple[bool, ...]:
        return tuple(test({key: value}) for _, test in flat) + tuple(test({key: (value, "zzz")}) for _, test in flat)

    values = list(dict.fromkeys(text for family in VALUES.values() for text in family))
    by_vector: dict[tuple[bool, ...], str] = {}
    for value in values:
        by_vector.setdefault((*vector(value), value == ""), value)
    found = {mask({})} | {mask({key: value}) for value in values}
    if any(":" in one.operator for rule in rules for one in rule.statement.condition if one.key.lower() == key):
        kinds = list(by_vector.values())
        for size in range(1, min(len(kinds), 6) + 1):
            for chosen in combinations(kinds, size):
                found.add(mask({key: chosen}))
    return found


# --- attacks ---------------------------------------------------------------------------------------------------------


def attack(r: random.Random, old: Layers, new: Layers, principals: bool, count: int) -> Witness | None:
    """A request that the new policies allow and the old ones do not, among ``count`` random ones."""
    judges = [Judge(one, principals=principals) for one in (old, new)]
    policies = [policy for side in (old, new) for layer in side for policy in layer]
    rules = [Rule(Place(Layer.IDENTITY, 0, policy, at)) for policy in policies for at in range(len(policy.statements))]
    keys = sorted({condition.key for rule in rules for condition in rule.statement.condition} | set(VARIABLES))
    pool = {key: VALUES.get(KEYS.get(key, ("String",))[0], VALUES["String"]) for key in keys}
    callers = [Caller.of(text) for text in _CALLERS]
    if "role/p/app" in str(
        [one.emit() for one in policies]
    ):  # names of roles are unique: a session's role is the one named
        callers.append(Caller.role_session("111111111111", "p/app", "s"))
    words = ("a", "b", "ab", "x", "ann", "zz", "a/x", "")
    for _ in range(count):
        resource = r.choice(RESOURCES + _TEMPLATES)
        while "*" in resource or "?" in resource or "@" in resource:
            for mark in "*?@":
                resource = resource.replace(mark, r.choice(words) or ("q" if mark == "?" else ""), 1)
        context: Json = {}
        for key in keys:
            what = r.random()
            if key in ("x:owner", *VARIABLES):
                if what < 0.8:
                    context[key] = r.choice(words)
            elif what < 0.55:
                context[key] = r.choice(pool[key])
            elif what < 0.7:
                context[key] = tuple(some(r, pool[key], 3))
        caller = None
        if principals:
            caller = r.choice(callers)
            context = {key: value for key, value in context.items() if not key.lower().startswith("aws:")}
            context = derived_context(caller, "*", context)
            context.pop("aws:ResourceAccount", None)
        witness = Witness(r.choice((*NAMES, *ELSEWHERE, "s3:GetX", "s3:New")), resource, context, caller)
        if judges[1].allows(witness) and not judges[0].allows(witness):
            return witness
    return None


_TEMPLATES = ("arn:aws:s3:::a/@/*", "arn:aws:s3:::a/@", "arn:aws:s3:::@", "arn:aws:s3:::a/@/x", "arn:aws:s3:::*@*")
_CALLERS = (
    "*", "111111111111", "222222222222", "333333333333", "arn:aws:iam::111111111111:user/ann",
    "arn:aws:iam::111111111111:user/bob", "arn:aws:iam::222222222222:user/ann",
    "arn:aws:sts::111111111111:assumed-role/app/s",
    "arn:aws:sts::111111111111:assumed-role/app/t", "arn:aws:sts::111111111111:assumed-role/other/s",
    "arn:aws:sts::222222222222:assumed-role/app/s", "arn:aws:sts::111111111111:federated-user/ann",
    "arn:aws:sts::111111111111:federated-user/bob", "lambda.amazonaws.com", "sns.amazonaws.com", "ec2.amazonaws.com",
    "accounts.google.com", "www.amazon.com",
)  # fmt: skip


# --- the runs --------------------------------------------------------------------------------------------------------


def against_brute(count: int, seed: int) -> int:
    """Pairs of identity policies; prints what differs."""
    r = random.Random(seed)
    seen: Counter[str] = Counter()
    times = []
    for number in range(count):
        old, new = pair(r, "identity")
        start = time.process_time()
        found = new_access([[old]], [[new]], NAMES)
        times.append(time.process_time() - start)
        expected = "new access" if brute(old, new) else "no new access"
        seen[found.answer] += 1
        if found.answer != expected:
            seen["differ" if found.answer != "not decided" else "open"] += 1
            reasons = {one.reason for one in found.undecided}
            print(
                f"pair {number}: {found.answer}, brute force says {expected} {reasons}\n  {old.emit()}\n  {new.emit()}"
            )
    _print(f"{count} pairs against brute force (seed {seed})", seen, times)
    return seen["differ"]


def attacked(kind: str, count: int, seed: int, requests: int) -> int:
    """Pairs whose every "no" is attacked by random requests; prints what is refuted."""
    r = random.Random(seed)
    seen: Counter[str] = Counter()
    times = []
    for number in range(count):
        before, after = rcp_layers(r) if kind == "rcp" else ([[one]] for one in pair(r, kind))
        start = time.process_time()
        found = new_access(before, after, (*NAMES, *(ELSEWHERE if kind == "rcp" else ())))
        times.append(time.process_time() - start)
        seen[found.answer] += 1
        if found.answer != "new access":
            principals = any(map(names_principals, (*before[0], *after[0])))
            witness = attack(r, before, after, principals, requests)
            if witness is not None:
                seen["refuted" if found.answer == "no new access" else "open and found"] += 1
                if found.answer == "no new access":
                    print(f"pair {number} refuted: {witness.data()}")
                    print(*(one.emit() for side in (before, after) for one in side[0]), sep="\n  ")
    _print(f"{count} {kind} pairs, each no attacked by {requests} requests (seed {seed})", seen, times)
    return seen["refuted"]


def _print(title: str, seen: Counter[str], times: list[float]) -> None:
    times.sort()
    at = [times[int(part * (len(times) - 1))] * 1000 for part in (0.5, 0.99, 1)]
    counts = ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))
    print(f"{title}: {counts}; median {at[0]:.2f} ms, p99 {at[1]:.1f} ms, most {at[2]:.0f} ms (processor)")


def main() -> int:
    """Run what is asked for; exit code 1 where the comparison is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=("identity", "resource", "variables", "rcp"), default="identity")
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=1500)
    given = parser.parse_args()
    if given.kind == "identity":
        return min(1, against_brute(given.count or 4000, given.seed))
    return min(
        1,
        attacked(
            given.kind,
            given.count or {"resource": 2000, "variables": 600, "rcp": 1000}[given.kind],
            given.seed,
            given.requests,
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
