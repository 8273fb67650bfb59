"""Documents: within the quota, as few as there can be, and granting together exactly what one would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopedown.deploy.documents import INLINE_CHARACTERS, MANAGED_CHARACTERS, documents
from scopedown.deploy.model import DeployPermission
from scopedown.generate.document import size


def permission(action: str, *arns: str, **conditions: Any) -> DeployPermission:
    return DeployPermission(action, arns, (), conditions)


def granted(parts: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {
        (action, arn, json.dumps(one.get("Condition"), sort_keys=True))
        for part in parts for one in part["Statement"] for action in one["Action"] for arn in one["Resource"]
    }  # fmt: skip


NAMES = st.text("abcdefghij", min_size=1, max_size=300)
PERMISSIONS = st.lists(
    st.builds(
        lambda action, arns: permission(f"s3:{action[:20]}", *(f"arn:aws:s3:::{arn}" for arn in arns)),
        NAMES,
        st.lists(NAMES, min_size=1, max_size=8),
    ),
    max_size=40,
)


@given(PERMISSIONS, st.sampled_from([INLINE_CHARACTERS, MANAGED_CHARACTERS]))
def test_every_document_fits_and_together_they_grant_what_one_would(
    permissions: list[DeployPermission], limit: int
) -> None:
    parts = documents(permissions, limit)
    assert all(size(part) <= limit for part in parts)
    assert granted(parts) == granted(documents(permissions, 10**9))


def of_length(number: int, characters: int) -> DeployPermission:
    """A permission whose statement takes so many characters of a document, the comma before it among them."""
    bare = {"Effect": "Allow", "Action": [f"s3:A{number}"], "Resource": [f"arn:aws:s3:::{number}"]}
    fill = characters - 1 - len(json.dumps(bare, separators=(",", ":")))
    return permission(f"s3:A{number}", f"arn:aws:s3:::{number}{'x' * fill}")


ROOM = INLINE_CHARACTERS - size({"Version": "2012-10-17", "Statement": []}) + 1
"""Characters for the statements of an inline policy, each with a comma, of which the first has none."""


def test_statements_are_put_together_so_that_few_documents_do() -> None:
    """In their order, each put into the last document where it fits, these would fill five."""
    large, small = ROOM * 3 // 4, ROOM // 4
    sizes = [of_length(number, large if number % 2 else small) for number in range(6)]
    parts = documents([*sizes[1::2], *sizes[::2]], INLINE_CHARACTERS)
    assert len(parts) == 3
    assert [len(part["Statement"]) for part in parts] == [2, 2, 2]


def test_a_search_finds_what_the_largest_first_does_not() -> None:
    """The two largest first leave room for nothing else, three of the others fill the second, and one is left over."""
    shares = [0.39, 0.39, 0.30, 0.30, 0.30, 0.29]
    parts = documents([of_length(n, int(ROOM * share)) for n, share in enumerate(shares)], INLINE_CHARACTERS)
    assert len(parts) == 2


def test_a_document_may_be_filled_to_the_last_character() -> None:
    (part,) = documents([of_length(1, ROOM)], INLINE_CHARACTERS)
    assert size(part) == INLINE_CHARACTERS


def test_a_statement_that_is_too_large_is_cut_by_its_resources_then_by_its_actions() -> None:
    wide = permission("s3:GetObject", *(f"arn:aws:s3:::{'b' * 60}{number:03}" for number in range(80)))
    assert len(documents([wide], INLINE_CHARACTERS)) > 2
    many = [permission(f"s3:{'A' * 60}{number:03}", "arn:aws:s3:::b") for number in range(80)]
    parts = documents(many, INLINE_CHARACTERS)
    assert all(size(part) <= INLINE_CHARACTERS for part in parts)
    assert granted(parts) == granted(documents(many, 10**9))


def test_the_same_permissions_in_any_order_give_the_same_bytes() -> None:
    some = [permission(f"s3:A{number}", f"arn:aws:s3:::{'x' * (number * 40)}") for number in range(30)]
    assert json.dumps(documents(some, 2048)) == json.dumps(documents(list(reversed(some)), 2048))


def test_nothing_to_allow_is_one_document_without_statements() -> None:
    assert documents([]) == [{"Version": "2012-10-17", "Statement": []}]


@pytest.mark.parametrize("limit", [INLINE_CHARACTERS, MANAGED_CHARACTERS])
def test_conditions_stay_with_their_statements(limit: int) -> None:
    passed = {"StringEquals": {"iam:PassedToService": ("lambda.amazonaws.com",)}}
    (part,) = documents([permission("iam:PassRole", "arn:aws:iam::1:role/r", **passed)], limit)
    (one,) = part["Statement"]
    assert one["Condition"] == {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com"]}}
