"""Random sets of all layers: does "no new access" hold, and is what allows nothing more left alone?

    python bench/compare_sets.py --seed 1                # 3,000 pairs of sets; each "no" is attacked by 500 requests
    python bench/compare_sets.py --seed 1 --alarms 500   # 500 changes that by construction allow nothing more

A set has identity policies, groups, a boundary, a session policy, levels of SCPs and RCPs, a resource's policy and an
endpoint's, all drawn over few words so that they meet; the new set is the old one with one to three changes. Every
"no new access" is attacked: each request is decided by scopedown's evaluator and by ``plain_decision.py``, which was
written apart. One that the new set allows and the old one denies refutes the answer. What the sets leave open is drawn
too: where neither has a resource's policy, any of one; where neither has identity policies, any of these.

Who asks: a set is of one kind of caller (a user where it has groups, a session where it has a session policy), in the
resource's account or in another; services and unsigned requests are drawn where a resource's policy is. Requests on
which both evaluators differ are counted and the first of each kind is printed. The exit code is 1 if an answer is
refuted, if more than 2 % are not decided, or if more than 1 % of the changes of ``--alarms`` are reported.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from plain_decision import Side, listed

from scopedown.catalog.load import catalog
from scopedown.compare.access.ask import compare_documents
from scopedown.compare.access.sets import policies_of, subjects_of_set
from scopedown.core.finding import ScopedownError
from scopedown.iam import Caller
from scopedown.iam.cases import read_request
from scopedown.iam.evaluation import Compiled
from scopedown.iam.request import derived_context

Json = dict[str, Any]
HERE, THERE, OWNER = "111111111111", "222222222222", "333333333333"
NAMES = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetBucketAcl", "sqs:SendMessage", "sqs:ReceiveMessage",
    "kms:Decrypt", "kms:RetireGrant", "ec2:RunInstances", "s3:NewAction",
)  # fmt: skip
ACTIONS = (
    "s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*Object", "s3:*", "s3:*", "*", "*", "sqs:SendMessage", "sqs:*",
    "kms:Decrypt", "kms:*", "ec2:RunInstances", "s3:?etObject",
)  # fmt: skip
RESOURCES = (
    "*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x", "arn:aws:s3:::b/x*", "arn:aws:s3:::*",
    "arn:aws:s3:::b/?", "arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:sqs:*:*:q*",
    "arn:aws:kms:eu-west-1:111111111111:key/k",
)  # fmt: skip
TEMPLATES = (
    "arn:aws:s3:::b/${aws:PrincipalTag/team}", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::b/${aws:username}*", "arn:aws:s3:::${aws:PrincipalTag/team, 'b'}/x",
)  # fmt: skip
TEXTS = (
    "arn:aws:s3:::b/x", "arn:aws:s3:::b/xy", "arn:aws:s3:::b/z", "arn:aws:s3:::b/a/x", "arn:aws:s3:::c/x",
    "arn:aws:s3:::b/ann", "arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:sqs:us-east-1:333333333333:q2",
    "arn:aws:kms:eu-west-1:111111111111:key/k", "arn:aws:kms:eu-west-1:333333333333:key/k",
)  # fmt: skip
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # the operators, the values of policies, the values of requests
    "aws:SourceVpce": (
        ("StringEquals", "StringNotEquals", "StringLike", "StringEqualsIgnoreCase"),
        ("vpce-1", "vpce-2", "vpce-*"), ("vpce-1", "vpce-2", "VPCE-1", "vpc"),
    ),
    "aws:TagKeys": (
        ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"), ("a", "b", "*", "a*"),
        ("a", "b", "ab", "c"),
    ),
    "aws:RequestTag/team": (
        ("StringEquals", "StringNotEquals", "StringLike"), ("a", "b", "*", "${aws:PrincipalTag/team}"), ("a", "b", "z"),
    ),
    "aws:PrincipalTag/team": (("StringEquals", "StringNotEquals"), ("a", "b"), ("a", "b", "x", "z")),
    "aws:SourceIp": (
        ("IpAddress", "NotIpAddress"), ("10.0.0.0/8", "10.1.0.0/16", "203.0.113.7"),
        ("10.0.0.1", "10.1.2.3", "203.0.113.7", "9.9.9.9"),
    ),
    "aws:MultiFactorAuthPresent": (("Bool",), ("true", "false"), ("true", "false")),
    "s3:max-keys": (
        ("NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericNotEquals"),
        ("1", "2", "10"), ("0", "1", "1.5", "2", "5", "10", "11"),
    ),
    "aws:CurrentTime": (
        ("DateLessThan", "DateGreaterThanEquals"), ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2024-06-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z"),
    ),
    "aws:SourceArn": (
        ("ArnLike", "ArnNotLike", "ArnEquals"), ("arn:aws:sns:*:111111111111:t", "arn:aws:s3:::b"),
        ("arn:aws:sns:eu-west-1:111111111111:t", "arn:aws:sns:eu-west-1:222222222222:t", "arn:aws:s3:::b"),
    ),
    "aws:PrincipalArn": (
        ("ArnLike", "ArnNotLike", "ArnEquals", "StringEquals"),
        ("arn:aws:iam::111111111111:role/app", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:user/ann"), (),
    ),
    "aws:PrincipalAccount": (("StringEquals", "StringNotEquals"), (HERE, THERE), ()),
    "aws:PrincipalIsAWSService": (("Bool",), ("true", "false"), ()),
}  # fmt: skip
SEVERAL = ("aws:TagKeys",)
PRINCIPALS: tuple[Any, ...] = (
    "*", "*", {"AWS": "*"}, {"AWS": HERE}, {"AWS": f"arn:aws:iam::{HERE}:root"}, {"AWS": THERE},
    {"AWS": f"arn:aws:iam::{HERE}:role/app"}, {"AWS": f"arn:aws:iam::{HERE}:user/ann"},
    {"AWS": f"arn:aws:sts::{HERE}:assumed-role/app/s"}, {"AWS": f"arn:aws:sts::{HERE}:federated-user/ann"},
    {"AWS": [f"arn:aws:iam::{HERE}:role/app", f"arn:aws:iam::{HERE}:user/ann"]}, {"Service": "sns.amazonaws.com"},
    {"AWS": HERE, "Service": "sns.amazonaws.com"}, {"AWS": [THERE, f"arn:aws:iam::{HERE}:user/bob"]},
)  # fmt: skip
SPARED: tuple[Any, ...] = (
    {"AWS": [HERE, f"arn:aws:iam::{HERE}:role/app", f"arn:aws:sts::{HERE}:assumed-role/app/s"]},
    {"AWS": [f"arn:aws:iam::{HERE}:root", f"arn:aws:iam::{HERE}:user/ann"]}, {"Service": "sns.amazonaws.com"},
)  # fmt: skip
USERS = (f"arn:aws:iam::{HERE}:user/ann", f"arn:aws:iam::{HERE}:user/bob", f"arn:aws:iam::{THERE}:user/ann")
SESSIONS = (
    f"arn:aws:sts::{HERE}:assumed-role/app/s", f"arn:aws:sts::{HERE}:assumed-role/app/t",
    f"arn:aws:sts::{HERE}:assumed-role/other/s", f"arn:aws:sts::{THERE}:assumed-role/app/s",
)  # fmt: skip
FEDERATED = (f"arn:aws:sts::{HERE}:federated-user/ann", f"arn:aws:sts::{HERE}:federated-user/bob")
NOBODY = ("*", "sns.amazonaws.com", "lambda.amazonaws.com")
PLAIN = ("identity", "boundary", "session")
"""Layers of documents; ``scp`` and ``rcp`` are levels, ``resource`` and ``vpce`` one document."""
FULL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


# --- sets ------------------------------------------------------------------------------------------------------------


def some(r: random.Random, items: Any, most: int) -> list[Any]:
    """One to ``most`` different items."""
    items = list(dict.fromkeys(items))
    return r.sample(items, r.randint(1, min(most, len(items))))


def condition(r: random.Random) -> Json:
    """A Condition of one or two lines."""
    block: Json = {}
    for _ in range(r.choice((1, 1, 1, 2))):
        key = r.choice(list(KEYS))
        operators, values, _ = KEYS[key]
        if r.random() < 0.12:
            block.setdefault("Null", {})[key] = r.choice(("true", "false"))
            continue
        operator = r.choice(operators)
        if r.random() < 0.15:
            operator += "IfExists"
        if r.random() < (0.7 if key in SEVERAL else 0.04):
            operator = r.choice(("ForAllValues:", "ForAnyValue:")) + operator
        chosen = [r.choice(values)] if operator.endswith(("Bool", "BoolIfExists")) else some(r, values, 2)
        block.setdefault(operator, {})[key] = chosen if r.random() < 0.5 or len(chosen) > 1 else chosen[0]
    return block


def statement(r: random.Random, layer: str, effect: str = "") -> Json:
    """A statement of a layer's policies."""
    one: Json = {"Effect": effect or ("Deny" if r.random() < 0.3 else "Allow")}
    if layer == "rcp":
        one["Effect"] = "Deny"
    allow = one["Effect"] == "Allow"
    one["NotAction" if r.random() < 0.08 else "Action"] = some(r, ACTIONS, 3)
    if "NotAction" in one:
        one["NotAction"] = [text for text in one["NotAction"] if text != "*"] or ["s3:*"]
    chosen = some(r, RESOURCES, 2)
    if r.random() < 0.08 and layer != "rcp":
        one["NotResource"] = [text for text in chosen if text != "*"] or ["arn:aws:s3:::b/*"]
    else:
        one["Resource"] = [r.choice(TEMPLATES)] if r.random() < 0.07 else chosen
    if layer in ("resource", "vpce"):
        stars = layer == "vpce" and r.random() < 0.75
        one["Principal"] = "*" if stars else r.choice(PRINCIPALS)
        if not allow and r.random() < 0.15:
            del one["Principal"]
            one["NotPrincipal"] = r.choice(SPARED)
    if layer == "rcp":
        one["Principal"] = "*"
    if r.random() < (0.3 if allow else 0.5):
        one["Condition"] = condition(r)
    return one


def document(r: random.Random, layer: str) -> Json:
    """A policy of one to three statements; limits often allow much."""
    count = r.choice((1, 1, 2, 2, 3))
    statements = [statement(r, layer) for _ in range(count)]
    if layer == "rcp":
        pass
    elif layer in ("boundary", "session", "scp", "vpce") and r.random() < 0.5:
        statements[0] = {**FULL, "Principal": "*"} if layer == "vpce" else dict(FULL)
    elif not any(one["Effect"] == "Allow" for one in statements):
        statements[0] = statement(r, layer, "Allow")
    version = "2008-10-17" if r.random() < 0.03 else "2012-10-17"
    return {"Version": version, "Statement": statements}


def layer_of(r: random.Random, name: str) -> Any:
    """A layer as a set has it."""
    match name:
        case "identity":
            return [document(r, name) for _ in range(r.choice((1, 1, 2)))]
        case "groups":
            return {group: [document(r, "identity")] for group in some(r, ("g", "h"), 2)}
        case "scp" | "rcp":
            return [
                {"policies": [document(r, name) for _ in range(r.choice((1, 1, 2)))]} for _ in range(r.choice((1, 2)))
            ]
        case "boundary":
            return [document(r, name)]
    return document(r, name)


SHARE = {
    "groups": 0.15, "boundary": 0.3, "session": 0.25, "scp": 0.35, "rcp": 0.25, "resource": 0.6, "vpce": 0.25,
}  # fmt: skip


def policy_set(r: random.Random) -> Json:
    """A set of layers."""
    out = {"identity": layer_of(r, "identity")} if r.random() < 0.93 else {}
    for name, share in SHARE.items():
        if not _may_have(out, name) or (name == "groups" and "identity" not in out):
            continue
        if r.random() < share:
            out[name] = layer_of(r, name)
    if not out:
        out["resource"] = layer_of(r, "resource")
    return out


def _may_have(given: Json, name: str) -> bool:
    """Whether a set may have a layer: users are in groups, and sessions have session policies."""
    return {"groups": "session" not in given, "session": "groups" not in given}.get(name, True)


def documents(given: Json) -> Iterator[tuple[str, Json]]:
    """The documents of a set, each with the layer's name."""
    for name, value in given.items():
        if name == "groups":
            yield from (("identity", one) for group in value.values() for one in group)
        elif name in ("scp", "rcp"):
            yield from ((name, one) for level in value for one in level["policies"])
        else:
            yield from ((name, one) for one in listed(value))


# --- changes ---------------------------------------------------------------------------------------------------------


def changed(r: random.Random, old: Json) -> Json:
    """The set after one to three changes, each of which may widen it or not."""
    new = copy.deepcopy(old)
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        _change(r, new)
    return new


def _change(r: random.Random, new: Json) -> None:
    what = r.random()
    if what < 0.08:
        gone = [name for name in new if name != "groups" or r.random() < 0.7]
        if len(gone) > 1:
            del new[r.choice(gone)]
        return
    if what < 0.13:
        name = r.choice([*SHARE])
        if name not in new and _may_have(new, name):
            new[name] = layer_of(r, name)
        return
    if what < 0.2:
        NARROWER[r.randrange(len(NARROWER))](r, new)
        return
    name, chosen = r.choice(list(documents(new)))
    statements = chosen["Statement"]
    at = r.randrange(len(statements))
    one = statements[at]
    if what < 0.3 and len(statements) > 1:
        del statements[at]
    elif what < 0.42:
        statements.insert(at, statement(r, name))
    elif what < 0.52:
        one.pop("Condition", None)
    elif what < 0.62:
        one["Condition"] = condition(r)
    elif what < 0.72 and name != "rcp" and any(layer in new for layer in ("resource", "vpce")):
        named = [
            written
            for layer, it in documents(new)
            for written in it["Statement"]
            if "Principal" in written and layer != "rcp"
        ]
        if named:
            r.choice(named)["Principal"] = r.choice(PRINCIPALS)
    elif what < 0.8 and "Action" in one:
        one["Action"] = some(r, ACTIONS, 2)
    elif what < 0.88 and "Resource" in one:
        one["Resource"] = some(r, RESOURCES, 2)
    else:
        statements[at] = statement(r, name)


def _of_one(
    fits: Callable[[str, Json], bool],
) -> Callable[[Callable[[random.Random, list[Json], int], str]], Callable[[random.Random, Json], str]]:
    """A change of one statement that fits, drawn among all of a set; none where no statement does. The change gets the
    statements of the document and the place of the one that was drawn."""

    def made(change: Callable[[random.Random, list[Json], int], str]) -> Callable[[random.Random, Json], str]:
        @wraps(change)
        def of_set(r: random.Random, new: Json) -> str:
            found = [
                (one["Statement"], at)
                for name, one in documents(new)
                for at, written in enumerate(one["Statement"])
                if fits(name, written)
            ]
            return change(r, *r.choice(found)) if found else ""

        return of_set

    return made


def _allow(_: str, one: Json) -> bool:
    return one["Effect"] == "Allow"


def _deny(_: str, one: Json) -> bool:
    return one["Effect"] == "Deny"


def reorder(r: random.Random, new: Json) -> str:
    """Statements, lists, documents and levels in another order."""
    for _, one in documents(new):
        r.shuffle(one["Statement"])
        for written in one["Statement"]:
            for element in ("Action", "NotAction", "Resource", "NotResource"):
                if isinstance(written.get(element), list):
                    r.shuffle(written[element])
    for name in ("identity", "scp", "rcp"):
        if isinstance(new.get(name), list):
            r.shuffle(new[name])
    return "reordered"


@_of_one(lambda _, one: len(listed(one.get("Action"))) + len(listed(one.get("Resource"))) > 2)
def split(r: random.Random, statements: list[Json], at: int) -> str:
    """One statement for each action or resource."""
    one = statements.pop(at)
    element = r.choice([name for name in ("Action", "Resource") if len(listed(one.get(name))) > 1])
    statements[at:at] = [{**copy.deepcopy(one), element: text} for text in one[element]]
    return "split"


_WITHIN = {
    "*": ("s3:*", "sqs:*", "kms:Decrypt"), "s3:*": ("s3:Get*", "s3:PutObject", "s3:*Object"),
    "sqs:*": ("sqs:SendMessage",),
    "kms:*": ("kms:Decrypt",), "s3:Get*": ("s3:GetObject",), "s3:*Object": ("s3:PutObject", "s3:?etObject"),
}  # fmt: skip
_INSIDE = {
    "*": ("arn:aws:s3:::*", "arn:aws:sqs:*:*:q*", "arn:aws:s3:::b/${aws:username}"),
    "arn:aws:s3:::*": ("arn:aws:s3:::b/*", "arn:aws:s3:::c"),
    "arn:aws:s3:::b/*": ("arn:aws:s3:::b/x", "arn:aws:s3:::b/x*", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"),
    "arn:aws:sqs:*:*:q*": ("arn:aws:sqs:eu-west-1:111111111111:q",),
}


@_of_one(_allow)
def narrower(r: random.Random, statements: list[Json], at: int) -> str:
    """An allow of fewer actions, of fewer resources, or under one more condition."""
    one = statements[at]
    for element, table in (("Action", _WITHIN), ("Resource", _INSIDE)):
        texts = listed(one.get(element))
        wide = [number for number, text in enumerate(texts) if text in table]
        if wide and r.random() < 0.6:
            number = r.choice(wide)
            one[element] = [*texts[:number], r.choice(table[texts[number]]), *texts[number + 1 :]]
            return f"narrower {element}"
    if "Condition" not in one:
        one["Condition"] = condition(r)
        return "one more condition"
    return ""


@_of_one(_allow)
def fewer(r: random.Random, statements: list[Json], at: int) -> str:
    """An allow that goes, or one of its actions or resources."""
    one = statements[at]
    for element in ("Action", "Resource"):
        if len(listed(one.get(element))) > 1:
            one[element] = one[element][1:]
            return f"one {element} fewer"
    if len(statements) > 1:
        del statements[at]
        return "an allow is gone"
    return ""


def more_denied(r: random.Random, new: Json) -> str:
    """A deny more."""
    name, chosen = r.choice(list(documents(new)))
    chosen["Statement"].insert(0, statement(r, name, "Deny"))
    return "a deny more"


@_of_one(_deny)
def wider_deny(r: random.Random, statements: list[Json], at: int) -> str:
    """A deny without its conditions, or of more actions or resources."""
    one = statements[at]
    if "Condition" in one and r.random() < 0.5:
        del one["Condition"]
        return "a deny without its conditions"
    element = r.choice([name for name in ("Action", "Resource") if name in one] or [""])
    if not element:
        return ""
    one[element] = r.choice(("*", [*one[element], "*"] if isinstance(one[element], list) else "*"))
    return f"a deny of every {element}"


@_of_one(_allow)
def redundant(r: random.Random, statements: list[Json], at: int) -> str:
    """An allow once more, whole or in part."""
    one = copy.deepcopy(statements[at])
    if r.random() < 0.6:
        for element, table in (("Action", _WITHIN), ("Resource", _INSIDE)):
            texts = [text for text in listed(one.get(element)) if text in table]
            if texts:
                one[element] = r.choice(table[texts[0]])
                break
    statements.insert(r.randint(0, len(statements)), one)
    return "a redundant allow"


def respelled(r: random.Random, new: Json) -> str:
    """The same in other words."""
    name, chosen = r.choice(list(documents(new)))
    for one in chosen["Statement"]:
        for element in ("Action", "NotAction", "Resource", "NotResource"):
            if element in one:
                texts = listed(one[element])
                if "Action" in element:
                    texts = [r.choice((text, text.swapcase())) for text in texts]
                one[element] = texts[0] if len(texts) == 1 else [*texts, texts[0]]
        principal = one.get("Principal")
        if principal == {"AWS": "*"} or (principal == "*" and name != "rcp"):
            one["Principal"] = r.choice(("*", {"AWS": "*"}, {"AWS": ["*"]}))
        elif isinstance(principal, dict) and principal.get("AWS") == HERE:
            one["Principal"] = {**principal, "AWS": f"arn:aws:iam::{HERE}:root"}
        block = one.get("Condition", {})
        for old, same in (("ArnEquals", "ArnLike"), ("ArnLike", "ArnEquals")):
            if old in block and same not in block:
                block[same] = block.pop(old)
                break
        for keys in block.values():
            for key in list(keys):
                keys[key.swapcase() if "${" not in key else key] = listed(keys.pop(key))
    return "respelled"


def one_limit_more(r: random.Random, new: Json) -> str:
    """A layer that only limits."""
    names = [name for name in ("boundary", "scp", "rcp", "vpce") if name not in new]
    if not names:
        return ""
    name = r.choice(names)
    new[name] = layer_of(r, name)
    return f"a layer more: {name}"


@_of_one(lambda name, one: name == "resource" and _allow(name, one) and _many(one["Principal"]))
def fewer_principals(r: random.Random, statements: list[Json], at: int) -> str:
    """An allow of a resource's policy for fewer principals, none of which it names more directly."""
    one = statements[at]
    kinds = dict(one["Principal"])
    if len(kinds) > 1:
        del kinds[r.choice(list(kinds))]
    else:
        kinds["AWS"] = kinds["AWS"][:1]
    one["Principal"] = kinds
    return "fewer principals"


def _many(principal: Any) -> bool:
    return isinstance(principal, dict) and (
        len(principal) > 1 or any(len(listed(one)) > 1 for one in principal.values())
    )


def in_two_documents(r: random.Random, new: Json) -> str:
    """The statements of an identity policy in two documents, or of two in one."""
    if "identity" not in new:
        return ""
    if len(new["identity"]) > 1 and new["identity"][0]["Version"] == new["identity"][1]["Version"]:
        first, second, *more = new["identity"]
        new["identity"] = [{**first, "Statement": [*first["Statement"], *second["Statement"]]}, *more]
        return "two documents in one"
    found = [one for one in new["identity"] if len(one["Statement"]) > 1]
    if not found:
        return ""
    new["identity"].append({**found[0], "Statement": [found[0]["Statement"].pop()]})
    return "one document in two"


NARROWER = (
    reorder, split, narrower, narrower, fewer, more_denied, wider_deny, redundant, respelled, one_limit_more,
    fewer_principals, in_two_documents,
)  # fmt: skip


# --- requests --------------------------------------------------------------------------------------------------------


def callers_for(old: Json, new: Json) -> list[str]:
    """Who may be the caller of both sets."""
    sides = (old, new)
    if any("session" in one for one in sides):
        found = [*SESSIONS, *(FEDERATED if all("session" in one for one in sides) else ())]
    elif any("groups" in one for one in sides):
        found = [*USERS]
    else:
        found = [*USERS, *SESSIONS]
    return found + [*NOBODY] * any(name in one for one in sides for name in ("resource", "rcp"))


def request(r: random.Random, callers: list[str], statements: list[Json]) -> Json:
    """A request of the words of both sets; most are aimed at one of their statements."""
    action, resource, context = r.choice(NAMES), r.choice(TEXTS), dict[str, Any]()
    for key, (_, _, values) in KEYS.items():
        if values and r.random() < 0.45:
            context[key] = r.choice(values)
            if key in SEVERAL and r.random() < 0.6:
                context[key] = some(r, values, 3)
    caller = r.choice(callers)
    for one in r.sample(statements, min(len(statements), r.choice((0, 1, 1, 2)))):
        _aim(r, one, context)
        if "Action" in one:
            action = _instance(r, r.choice(listed(one["Action"])), NAMES, action)
        if "Resource" in one:
            resource = _instance(r, r.choice(listed(one["Resource"])), TEXTS, resource)
    user = caller.rsplit("/", 1)[-1] if ":user/" in caller else ""
    resource = resource.replace("${aws:username}", user or "ann").replace("${aws:PrincipalTag/team, 'b'}", "b")
    if "${" in resource:
        resource = resource.replace("${aws:PrincipalTag/team}", str(context.setdefault("aws:PrincipalTag/team", "a")))
    fields = resource.split(":", 5)
    if fields[2] == "s3" and not action.startswith("s3:") and r.random() < 0.8:
        resource = r.choice([text for text in TEXTS if f":{action.partition(':')[0]}:" in text] or [resource])
        fields = resource.split(":", 5)
    who = Caller.of(caller)
    context = derived_context(who, "*", context)
    context.pop("aws:ResourceAccount", None)
    return {
        "principal": caller,
        "action": action,
        "resource": resource,
        "resource_account": fields[4] or r.choice((HERE, HERE, OWNER)),
        "context": {key: list(value) if isinstance(value, tuple) else value for key, value in context.items()},
    }


def _aim(r: random.Random, one: Json, context: Json) -> None:
    """Values of a statement's conditions."""
    for operator, keys in one.get("Condition", {}).items():
        for key, wanted in keys.items():
            name = next((known for known in KEYS if known.lower() == key.lower()), key)
            values = KEYS[name][2] if name in KEYS else ()
            if operator == "Null":
                if "true" in listed(wanted):
                    context.pop(name, None)
                elif values:
                    context.setdefault(name, r.choice(values))
            elif values and r.random() < 0.8:
                fits = [value for value in values if value in listed(wanted)] or list(values)
                context[name] = r.choice(fits)
                if name in SEVERAL and r.random() < 0.5:
                    context[name] = some(r, values, 2)


def _instance(r: random.Random, pattern: str, known: tuple[str, ...], otherwise: str) -> str:
    if "*" not in pattern and "?" not in pattern:
        return pattern
    if r.random() < 0.5:
        return otherwise
    prefix = pattern.split("*")[0].split("?")[0].lower()
    return r.choice([text for text in known if text.lower().startswith(prefix)] or [otherwise])


OPEN_RESOURCES = 4
"""Policies of a resource that are drawn where no set has one."""


def _variants(r: random.Random, old: Json, new: Json) -> Iterator[tuple[Json, Json]]:
    """Both sets with what they leave open."""
    identities: list[Json] = [{}]
    if not (old.keys() | new.keys()) & {"identity", "groups"}:
        everything = {"Version": "2012-10-17", "Statement": [FULL]}
        identities = [{"identity": one} for one in ([everything], [], [document(r, "identity")])]
    resources: list[Json] = [{}]
    if "resource" not in old and "resource" not in new and (old.keys() | new.keys()) - {"rcp", "vpce"}:
        for _ in range(OPEN_RESOURCES):
            found = document(r, "resource")
            found["Statement"] = [one for one in found["Statement"] if "NotPrincipal" not in one] or [
                statement(r, "resource", "Allow")
            ]
            resources.append({"resource": found})
    for one in identities:
        for other in resources:
            yield {**old, **one, **other}, {**new, **one, **other}


class Attack:
    """The requests against one answer."""

    def __init__(self, r: random.Random, old: Json, new: Json, counts: Counter[str], shown: dict[str, Json]) -> None:
        self.r, self.old, self.new, self.counts, self.shown = r, old, new, counts, shown

    def refuted(self, count: int) -> Json | None:
        """A request that the new set allows and the old one denies, by scopedown's evaluator or by the plain one."""
        variants = list(_variants(self.r, self.old, self.new))
        callers = callers_for(self.old, self.new)
        out = None
        for old, new in variants:
            judges = [(Compiled(policies_of(one)), Side(one)) for one in (old, new)]
            drawn = "resource" in old and "resource" not in self.old and "resource" not in self.new
            both = [one for side in (new, old) for _, written in documents(side) for one in written["Statement"]]
            asking = (
                callers if "resource" in old or "resource" in new else [one for one in callers if one not in NOBODY]
            )
            for _ in range(max(1, count // len(variants))):
                asked = request(self.r, asking, both)
                if drawn and asked["action"].startswith("ec2:"):  # no resource of EC2 has a policy
                    asked["action"] = self.r.choice(NAMES[:6])
                found = self._decided(asked, judges, old, new)
                out = out or found
        return out

    def _decided(self, asked: Json, judges: list[tuple[Compiled, Side]], old: Json, new: Json) -> Json | None:
        groups = sorted({group for side in (old, new) for group in side.get("groups", ())})
        asked = {**asked, "groups": groups if ":user/" in asked["principal"] else []}
        read = read_request(asked)
        answers = [(judge.evaluate(read).allowed, plain.allows(asked)) for judge, plain in reversed(judges)]
        self.counts["requests"] += 1
        for (ours, plain), side in zip(answers, (new, old), strict=True):
            self.counts["decisions"] += 1
            if ours is not plain:
                kind = _contested(asked)
                self.counts[f"evaluators differ: {kind}"] += 1
                self.shown.setdefault(
                    f"{kind}, scopedown {'allows' if ours else 'denies'}", {"request": asked, "set": side}
                )
        for at, who in enumerate(("scopedown's evaluator", "the plain evaluator")):
            if answers[0][at] and not answers[1][at]:
                return {"by": who, "request": asked, "old": old, "new": new}
        return None


def _contested(asked: Json) -> str:
    """A rule that AWS's pages leave open and that a request touches."""
    if any(isinstance(value, list) for value in asked["context"].values()):
        return "a key of several values"
    if asked["principal"].endswith(".amazonaws.com"):
        return "a service"
    return "other"


# --- the runs --------------------------------------------------------------------------------------------------------


def answer_of(old: Json, new: Json) -> tuple[str, list[str]]:
    """What ``scopedown compare OLD NEW`` says of two sets, and why it is not decided."""
    before, after = subjects_of_set(old, "old"), subjects_of_set(new, "new")
    changes = compare_documents(before, after, catalog().action_names()).changes
    answers = {one.answer for one in changes}
    reasons = [one.reason for change in changes for one in change.found.undecided]
    return next(one for one in ("new access", "not decided", "no new access") if one in answers), reasons


def sets(r: random.Random, count: int, requests: int, most: int) -> bool:
    """Pairs of sets. Prints the figures; whether the bars are met."""
    counts: Counter[str] = Counter()
    shown: dict[str, Json] = {}
    times: list[float] = []
    while counts["pairs"] < count:
        old = policy_set(r)
        new = changed(r, old)
        if r.random() < 0.3:
            old, new = new, old
        try:
            start = time.process_time()
            answer, reasons = answer_of(old, new)
        except ScopedownError as error:
            counts[f"not read: {str(error)[:60]}"] += 1
            continue
        times.append(time.process_time() - start)
        counts["pairs"] += 1
        counts[answer] += 1
        if answer == "not decided":
            for reason in dict.fromkeys(reasons):
                counts[f"not decided: {reason[:50]}"] += 1
        if answer != "no new access":
            continue
        refuted = Attack(r, old, new, counts, shown).refuted(requests)
        if refuted is not None:
            counts[f"refuted by {refuted['by']}"] += 1
            if sum(number for name, number in counts.items() if name.startswith("refuted")) <= most:
                print(f"pair {counts['pairs']} refuted: {json.dumps(refuted)}", flush=True)
    _print(counts, shown, times)
    refuted_ones = sum(number for name, number in counts.items() if name.startswith("refuted"))
    return not refuted_ones and counts["not decided"] <= 0.02 * count


def alarms(r: random.Random, count: int, requests: int, most: int) -> bool:
    """Changes that allow nothing more. Prints the figures; whether the bar is met."""
    counts: Counter[str] = Counter()
    shown: dict[str, Json] = {}
    times: list[float] = []
    while counts["changes"] < count:
        old = policy_set(r)
        new = copy.deepcopy(old)
        what = [name for _ in range(r.choice((1, 1, 2))) if (name := r.choice(NARROWER)(r, new))]
        if not what or old == new:
            continue
        try:
            start = time.process_time()
            answer, reasons = answer_of(old, new)
        except ScopedownError as error:
            counts[f"not read: {str(error)[:60]}"] += 1
            continue
        times.append(time.process_time() - start)
        counts["changes"] += 1
        counts[answer] += 1
        if answer != "no new access":
            counts[f"{answer} where {' and '.join(what)}"] += 1
            if counts["new access"] + counts["not decided"] <= most:
                print(
                    json.dumps({"what": what, "answer": answer, "reasons": reasons, "old": old, "new": new}), flush=True
                )
        if Attack(r, old, new, counts, shown).refuted(requests) is not None:
            counts["not by construction"] += 1
            if counts["not by construction"] <= most:
                print(json.dumps({"not by construction": what, "old": old, "new": new}), flush=True)
    _print(counts, shown, times)
    return counts["new access"] + counts["not decided"] <= 0.01 * count and not counts["not by construction"]


def _print(counts: Counter[str], shown: dict[str, Json], times: list[float]) -> None:
    for kind, example in shown.items():
        print(f"the evaluators differ ({kind}): {json.dumps(example)}")
    times.sort()
    at = [times[int(part * (len(times) - 1))] * 1000 for part in (0.5, 0.99, 1)]
    for name, number in sorted(counts.items()):
        print(f"{number:9,} {name}")
    print(f"median {at[0]:.1f} ms, p99 {at[1]:.0f} ms, most {at[2]:.0f} ms (processor)")


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", type=int, default=3000)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--alarms", type=int, default=0, help="So many changes that allow nothing more, and no sets.")
    parser.add_argument("--show", type=int, default=5, help="So many of the faults that are found.")
    given = parser.parse_args()
    r = random.Random(given.seed)
    if given.alarms:
        return int(not alarms(r, given.alarms, given.requests, given.show))
    return int(not sets(r, given.sets, given.requests, given.show))


if __name__ == "__main__":
    sys.exit(main())
