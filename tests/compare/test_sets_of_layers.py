"""Sets of policies: each way in which a request may be allowed is proved, for both accounts, services and endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from scopedown.compare.access.ask import compare_documents
from scopedown.compare.access.sets import subjects_of_set

Json = dict[str, Any]
ACCOUNT = "111122223333"
ROLE, USER = f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:iam::{ACCOUNT}:user/ann"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"
NAMES = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage")


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def of(principal: Any, action: str = "s3:GetObject") -> Json:
    return policy(allow(action, Principal=principal))


def answers(old: Json, new: Json) -> set[str]:
    sides = (subjects_of_set(old, "old"), subjects_of_set(new, "new"))
    return {change.answer for change in compare_documents(*sides, NAMES).changes}


NOTIFIES = of({"Service": "sns.amazonaws.com"})
SENDS, EVERYTHING = policy(allow("sqs:SendMessage")), policy(allow("*"))
DENYING = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"})
BUT_THE_ROLE = policy(
    {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": [ACCOUNT, ROLE, SESSION]}}
)
WIDER: dict[str, tuple[Json, Json]] = {
    "an endpoint allows more": (
        {"identity": EVERYTHING, "vpce": of("*")},
        {"identity": EVERYTHING, "vpce": of("*", "s3:*")},
    ),
    "an endpoint's policy goes": ({"identity": EVERYTHING, "vpce": of("*")}, {"identity": EVERYTHING}),
    "an endpoint admits another principal": (
        {"identity": EVERYTHING, "vpce": of({"AWS": ROLE})},
        {"identity": EVERYTHING, "vpce": of({"AWS": [ROLE, USER]})},
    ),
    "an endpoint lets a service in that the limits of callers do not bind": (
        {"identity": SENDS, "scp": [{"policies": [SENDS]}], "resource": NOTIFIES, "vpce": DENYING},
        {"identity": SENDS, "scp": [{"policies": [SENDS]}], "resource": NOTIFIES, "vpce": of("*")},
    ),
    "a role is named instead of its account, and needs no identity policy": (
        {"identity": SENDS, "resource": of({"AWS": ACCOUNT})},
        {"identity": SENDS, "resource": of({"AWS": ROLE})},
    ),
    "a session is named instead of its role, and no boundary limits it": (
        {"identity": SENDS, "boundary": SENDS, "resource": of({"AWS": ROLE})},
        {"identity": SENDS, "boundary": SENDS, "resource": of({"AWS": SESSION})},
    ),
    "a federated user is named instead of the user, and no session policy limits it": (
        {"identity": SENDS, "session": SENDS, "resource": of({"AWS": USER})},
        {"identity": SENDS, "session": SENDS, "resource": of({"AWS": FEDERATED})},
    ),
    "an SCP allows more where a user is named, whom the boundary does not limit": (
        {"identity": SENDS, "boundary": SENDS, "scp": [{"policies": [SENDS]}], "resource": of({"AWS": USER})},
        {"identity": SENDS, "boundary": SENDS, "scp": [{"policies": [EVERYTHING]}], "resource": of({"AWS": USER})},
    ),
    "a boundary goes with which NotPrincipal denies everybody": (
        {"identity": EVERYTHING, "boundary": EVERYTHING, "resource": BUT_THE_ROLE},
        {"identity": EVERYTHING, "resource": BUT_THE_ROLE},
    ),
    "a resource's deny goes where the identity policies are not given": (
        {"scp": [{"policies": [EVERYTHING]}], "resource": DENYING},
        {"scp": [{"policies": [EVERYTHING]}]},
    ),
    "an RCP goes that kept services out of a resource, whose policy is not known": (
        {"identity": SENDS, "scp": [{"policies": [SENDS]}], "rcp": [{"policies": [DENYING]}]},
        {"identity": SENDS, "scp": [{"policies": [SENDS]}]},
    ),
    "an RCP goes that kept services out, and only limits are given": (
        {"scp": [{"policies": [SENDS]}], "rcp": [{"policies": [DENYING]}]},
        {"scp": [{"policies": [SENDS]}]},
    ),
    "the only limit of a caller goes": (
        {"scp": [{"policies": [SENDS]}], "resource": of({"AWS": ROLE})},
        {"resource": of({"AWS": ROLE})},
    ),
    "identity policies are given where none were": (
        {"resource": of({"AWS": ROLE})},
        {"identity": SENDS, "resource": of({"AWS": ROLE})},
    ),
}


@pytest.mark.parametrize("what", WIDER)
def test_it_is_new_access_where(what: str):
    assert "new access" in answers(*WIDER[what])


@pytest.mark.parametrize("what", [name for name in WIDER if name != "identity policies are given where none were"])
def test_the_way_back_from_this_allows_nothing_more(what: str):
    old, new = WIDER[what]
    if "named instead" not in what:
        assert answers(new, old) == {"no new access"}
    assert answers(old, old) == answers(new, new) == {"no new access"}


def test_a_session_named_for_its_role_is_nothing_new_where_nothing_limits_the_role():
    old, new = ({"identity": SENDS, "resource": of({"AWS": who})} for who in (ROLE, SESSION))
    assert answers(old, new) == {"no new access"}


def test_a_widened_endpoint_is_new_access_only_to_what_something_grants():
    narrow, wide = of("*", "sqs:*"), policy(allow("sqs:*", Principal="*"), allow("s3:*", Principal="*"))
    bucket = {"resource": of({"AWS": ROLE})}
    assert "new access" in answers({"identity": SENDS, "vpce": narrow}, {"identity": SENDS, "vpce": wide})
    assert "new access" in answers(
        {"identity": SENDS, **bucket, "vpce": narrow}, {"identity": SENDS, **bucket, "vpce": wide}
    )
    queue = {"resource": of({"AWS": ROLE}, "sqs:*")}
    assert answers({"identity": SENDS, **queue, "vpce": narrow}, {"identity": SENDS, **queue, "vpce": wide}) == {
        "no new access"
    }


def test_equal_levels_are_proved_as_one() -> None:
    level = {"policies": [policy(allow("s3:GetObject"), allow("sqs:SendMessage"))]}
    old, new = ({"identity": policy(allow(action)), "scp": [level] * 20} for action in ("sqs:SendMessage", "*"))
    assert answers(old, new) == {"new access"}
    assert answers({**new, "scp": [level]}, new) <= {"no new access"}


def test_levels_whose_statements_do_not_meet_are_not_multiplied() -> None:
    def levels(word: str) -> list[Json]:
        services = ("s3", "sqs", "sns", "kms", "lambda", "logs", "events", "ssm")
        grants = [[f"arn:aws:{name}:eu-west-1:{ACCOUNT}:{word}{at}*" for name in services] for at in range(30)]
        return [{"policies": [policy(*(allow("*", Resource=arn) for arn in level))]} for level in grants]

    old, new = ({"identity": policy(allow("*")), "scp": levels(word)} for word in "ab")
    assert answers(old, new) == {"no new access"}  # no resource is in two levels
