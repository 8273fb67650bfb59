"""Policies: they allow what was required, nothing could be left out, and the same input gives the same bytes."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopedown.core.place import Place
from scopedown.core.text import ANY, Att, Literal, Pseudo, Ref, Text, Unknown
from scopedown.generate.document import VERSION, generate, size, split
from scopedown.generate.minimize import covers
from scopedown.permissions.model import Certainty, ConfigSource, Origin, RequiredPermission, Resource

REASON = ConfigSource(Place("serverless.yml", 1, 1), "x")


def permission(
    action: str, *arns: str | Text, conditions: dict[str, dict[str, tuple[str, ...]]] | None = None
) -> RequiredPermission:
    resources = tuple(Resource(arn if isinstance(arn, Text) else Text.of(arn), Certainty.RESOLVED) for arn in arns)
    return RequiredPermission(action, resources, (REASON,), Origin.CODE, conditions or {})


def shown(document: dict[str, Any]) -> list[tuple[list[str], list[str]]]:
    return [(one["Action"], [str(arn) for arn in one["Resource"]]) for one in document["Statement"]]


def test_actions_on_the_same_resources_share_a_statement() -> None:
    document = generate(
        [permission("s3:PutObject", "b/*"), permission("s3:GetObject", "b/*"), permission("sqs:SendMessage", "q")]
    )
    assert shown(document) == [(["s3:GetObject", "s3:PutObject"], ["b/*"]), (["sqs:SendMessage"], ["q"])]


def test_resources_of_an_action_are_joined_before_actions_are() -> None:
    document = generate([permission("a:X", "1"), permission("a:X", "2"), permission("a:Y", "2", "1")])
    assert shown(document) == [(["a:X", "a:Y"], ["1", "2"])]


def test_what_a_wildcard_covers_is_left_out() -> None:
    document = generate(
        [
            permission("s3:GetObject", "arn:aws:s3:::b/*"),
            permission("s3:GetObject", "arn:aws:s3:::b/a", "arn:aws:s3:::c"),
        ]
    )
    assert shown(document) == [(["s3:GetObject"], ["arn:aws:s3:::b/*", "arn:aws:s3:::c"])]


def test_conditions_keep_statements_apart() -> None:
    alias = {"StringEquals": {"kms:RequestAlias": ("alias/a",)}}
    document = generate([permission("kms:Decrypt", "k", conditions=alias), permission("kms:Encrypt", "k")])
    assert shown(document) == [(["kms:Decrypt"], ["k"]), (["kms:Encrypt"], ["k"])]
    assert document["Statement"][0]["Condition"] == {"StringEquals": {"kms:RequestAlias": ["alias/a"]}}


def test_a_condition_falls_away_where_the_same_is_allowed_without_one() -> None:
    alias = {"StringEquals": {"kms:RequestAlias": ("alias/a",)}}
    document = generate([permission("kms:Decrypt", "key/*"), permission("kms:Decrypt", "key/1", conditions=alias)])
    assert shown(document) == [(["kms:Decrypt"], ["key/*"])] and "Condition" not in document["Statement"][0]


def test_no_permission_gives_an_empty_policy() -> None:
    assert generate([]) == {"Version": VERSION, "Statement": []}


# Covering

COVERS = [
    ("*", "anything", True),
    ("a*c", "abbc", True),
    ("a*c", "abbd", False),
    ("a?c", "abc", True),
    ("a?c", "a*c", False),
    ("a*", "a*", True),
    ("a*b", "a*", False),
    ("*a*a*a*", "a" * 500 + "b", True),
    ("*a*a*c", "a" * 5000, False),
    ("a", "b", False),
]


@pytest.mark.parametrize(("wide", "narrow", "expected"), COVERS)
def test_a_pattern_covers_what_it_matches(wide: str, narrow: str, expected: bool) -> None:
    assert covers(Text.of(wide), Text.of(narrow)) is expected


def test_a_reference_is_covered_by_itself_and_by_a_star() -> None:
    ref = Text.of("arn:", Pseudo("AWS::Partition"), ":s3:::", Ref("Bucket"))
    assert covers(Text.of(ref, "/*"), Text.of(ref, "/a"))
    assert covers(Text.of("arn:", Pseudo("AWS::Partition"), ":s3:::*"), Text.of(ref, "/a"))
    assert not covers(Text.of("arn:aws:s3:::b"), ref)
    assert not covers(Text.of("arn:?", ":s3:::", Ref("Bucket")), ref)


def test_what_is_not_known_needs_a_wildcard_to_cover_it() -> None:
    assert covers(Text.of("t/*"), Text.of("t/", Unknown("event")))
    assert not covers(Text.of("t/a"), Text.of("t/", Unknown("event")))


texts = st.lists(
    st.sampled_from(
        [Literal("a"), Literal("b"), Literal("/"), Literal("?"), ANY, Ref("R"), Att("T", "Arn"), Unknown("x")]
    ),
    max_size=6,
).map(lambda parts: Text.of(*parts))


def instances(text: Text) -> set[str]:
    """Some texts that a pattern stands for: each wildcard as nothing, one and two characters; references as a mark."""
    found = {""}
    for part in text.parts:
        if isinstance(part, Literal):
            for char in part.value:
                choices = "abX" if char == "?" else char
                found = {one + choice for one in found for choice in choices}
        elif part == ANY or isinstance(part, Unknown):
            found = {one + choice for one in found for choice in ("", "a", "X", "/b")}
        else:
            found = {f"{one}<{part}>" for one in found}
    return found


def as_regex(text: Text) -> re.Pattern[str]:
    pieces = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces += ["." if char == "?" else re.escape(char) for char in part.value]
        elif part == ANY or isinstance(part, Unknown):
            pieces.append(".*")
        else:
            pieces.append(re.escape(f"<{part}>"))
    return re.compile("".join(pieces), re.DOTALL)


@given(texts, texts)
def test_whatever_is_covered_matches(wide: Text, narrow: Text) -> None:
    if covers(wide, narrow):
        assert all(as_regex(wide).fullmatch(one) for one in instances(narrow))


# The whole

actions = st.sampled_from(["a:One", "a:Two", "b:Three"])
conditions = st.sampled_from([{}, {"StringEquals": {"k": ("1",)}}, {"StringEquals": {"k": ("2", "1")}}])
permissions = st.lists(
    st.builds(
        lambda action, arns, with_conditions: permission(action, *arns, conditions=with_conditions),
        actions,
        st.lists(texts.filter(lambda text: text.parts), min_size=1, max_size=3),
        conditions,
    ),
    max_size=8,
)


def allows(statements: list[dict[str, Any]], action: str, arn: Text, wanted: Any) -> bool:
    wanted = {op: {key: sorted(values) for key, values in keys.items()} for op, keys in wanted.items()}
    return any(
        action in one["Action"]
        and one.get("Condition", wanted) == wanted
        and any(covers(resource, arn) for resource in one["Resource"])
        for one in statements
    )


@given(permissions)
def test_every_required_permission_is_allowed(needed: list[RequiredPermission]) -> None:
    statements = generate(needed)["Statement"]
    for one in needed:
        for resource in one.resources:
            assert allows(statements, one.action, resource.arn, one.conditions)


@given(permissions)
def test_nothing_is_allowed_that_was_not_required(needed: list[RequiredPermission]) -> None:
    required = {(one.action, str(resource.arn)) for one in needed for resource in one.resources}
    for statement in generate(needed)["Statement"]:
        for action in statement["Action"]:
            for arn in statement["Resource"]:
                assert (action, str(arn)) in required


@given(permissions)
def test_every_statement_every_action_and_every_resource_is_needed(needed: list[RequiredPermission]) -> None:
    statements = generate(needed)["Statement"]

    def still_enough(rest: list[dict[str, Any]]) -> bool:
        return all(
            allows(rest, one.action, resource.arn, one.conditions) for one in needed for resource in one.resources
        )

    for number, statement in enumerate(statements):
        others = statements[:number] + statements[number + 1 :]
        assert not still_enough(others)
        for key in ("Action", "Resource"):
            for value in statement[key] if len(statement[key]) > 1 else ():
                fewer = {**statement, key: [one for one in statement[key] if one is not value]}
                assert not still_enough([*others, fewer])


@given(permissions, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(needed: list[RequiredPermission], chance: random.Random) -> None:
    shuffled = list(needed)
    chance.shuffle(shuffled)
    assert json.dumps(generate(needed), default=str) == json.dumps(generate(shuffled), default=str)


# Quotas


def many(count: int) -> dict[str, Any]:
    return generate([permission(f"a:Action{n:03}", f"arn:aws:x:::r{n:03}") for n in range(count)])


def test_a_large_policy_is_split_into_parts_that_fit() -> None:
    document = many(200)
    parts = split(document, 2_000)
    assert len(parts) > 1 and all(size(part) <= 2_000 for part in parts)
    assert [one for part in parts for one in part["Statement"]] == document["Statement"]


def test_a_small_policy_stays_whole() -> None:
    assert split(many(3)) == [many(3)]
    assert split(generate([])) == [generate([])]


def test_a_statement_that_is_too_large_is_cut_by_its_resources() -> None:
    document = generate([permission("a:X", *(f"arn:aws:x:::r{n:03}" for n in range(300)))])
    parts = split(document, 1_500)
    assert all(size(part) <= 1_500 for part in parts)
    resources = [str(arn) for part in parts for one in part["Statement"] for arn in one["Resource"]]
    assert sorted(resources) == sorted(f"arn:aws:x:::r{n:03}" for n in range(300))
