"""What is true of every IAM decision, whoever makes it: named theorems, held against both evaluators."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from differential import adapter, generate
from differential.strategies import cases, choices
from differential.universe import KEYS, OPERATORS
from reference import evaluator as reference
from reference.variables import lookup

Json = dict[str, Any]
Decide = Callable[[Json], str]

DECIDERS = [
    pytest.param(reference.decide, id="reference", marks=pytest.mark.slow),  # the tests' own: it seldom changes
    pytest.param(adapter.decide, id="scopedown"),
]
deciders = pytest.mark.parametrize("decide", DECIDERS)
usual = settings(max_examples=60, deadline=None, database=None, derandomize=True)

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY_ALL = {"Effect": "Deny", "Action": "*", "Resource": "*"}
PRINCIPAL_KINDS = ("resource", "rcp", "vpce")


def sort_of(case: Json, kind: str, statement: Json) -> Json:
    """A statement without a Principal as one of another kind: with a Principal, in a trust policy without Resource."""
    changed = dict(statement)
    if kind in PRINCIPAL_KINDS:
        changed["Principal"] = "*"
    if kind == "rcp":
        changed["Effect"] = "Deny"
        if "NotAction" in changed:
            changed["Action"] = changed.pop("NotAction")
    if kind == "resource" and generate.is_trust(case["request"]):
        for element in ("Resource", "NotResource", "NotAction", "Action"):
            changed.pop(element, None)
        changed["Action"] = "sts:*"
    return changed


def documents(policies: Json) -> list[tuple[str, Json]]:
    """Every document of a case with the kind of policy it is."""
    found = [("identity", one) for one in policies["identity"]]
    found += [("identity", one) for group in policies.get("groups", {}).values() for one in group]
    found += [("boundary", one) for one in policies["boundary"]]
    found += [(kind, policies[kind]) for kind in ("resource", "session", "vpce") if policies[kind]]
    found += [(kind, one) for kind in ("scp", "rcp") for level in policies[kind] for one in level["policies"]]
    return found


def statements(document: Json) -> list[Json]:
    held = document["Statement"]
    return held if isinstance(held, list) else [held]


def add(case: Json, place: int, statement: Json) -> tuple[str, Json]:
    """The case with a statement more in one of its documents, and the kind of that document; an RCP only denies."""
    changed = copy.deepcopy(case)
    held = documents(changed["policies"])
    kind, document = held[place % len(held)]
    document["Statement"] = [*statements(document), sort_of(case, kind, statement)]
    return kind, changed


def needs_no_permission(case: Json) -> bool:
    return bool(case["request"]["action"].lower() == "sts:getcalleridentity")


def has_identity_policies(case: Json) -> bool:
    principal = case["request"]["principal"]
    return principal.startswith("arn:") and "-provider/" not in principal


@deciders
@usual
@given(case=cases())
def test_default_deny(decide: Decide, case: Json):
    """With no policy at all only the root user of the account, and sts:GetCallerIdentity, are let through."""
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    nothing = {"identity": [], "resource": None, "session": None, "boundary": [], "scp": [], "rcp": [], "vpce": None}
    assert decide({**case, "policies": nothing}) == "ImplicitlyDenied"


@deciders
@usual
@given(case=cases())
def test_forbid_trumps_permit(decide: Decide, case: Json):
    """A Deny that applies wins over everything else that the case holds."""
    assume(not needs_no_permission(case))
    changed = copy.deepcopy(case)
    deny: Json = {"Version": "2012-10-17", "Statement": sort_of(case, "resource", DENY_ALL)}
    if changed["policies"]["resource"]:
        deny["Statement"] = [deny["Statement"], *statements(changed["policies"]["resource"])]
    changed["policies"]["resource"] = deny
    assert decide(changed) == "ExplicitlyDenied"


@deciders
@usual
@given(case=cases(), r=choices)
def test_order_independent(decide: Decide, case: Json, r: Any):
    """The order of statements, documents, levels and values does not matter."""

    def shuffled(value: Any) -> Any:
        if isinstance(value, list):
            mixed = [shuffled(one) for one in value]
            r.shuffle(mixed)
            return mixed
        if isinstance(value, dict):
            names = list(value)
            r.shuffle(names)
            return {name: shuffled(value[name]) for name in names}
        return value

    changed = {**case, "policies": {kind: shuffled(value) for kind, value in case["policies"].items()}}
    assert decide(changed) == decide(case)


@deciders
@usual
@given(case=cases(), place=st.integers(0, 50), r=choices)
def test_another_allow_never_turns_allowed_into_denied(decide: Decide, case: Json, place: int, r: Any):
    assume(documents(case["policies"]))
    statement = generate.statement(r, case["request"], "any")
    kind, changed = add(case, place, {**statement, "Effect": "Allow"})
    assume(kind != "rcp")
    if decide(case) == "Allowed":
        assert decide(changed) == "Allowed"
    if decide(case) == "ExplicitlyDenied":
        assert decide(changed) == "ExplicitlyDenied"


@deciders
@usual
@given(case=cases(), place=st.integers(0, 50), r=choices)
def test_another_deny_never_turns_denied_into_allowed(decide: Decide, case: Json, place: int, r: Any):
    assume(documents(case["policies"]))
    statement = generate.statement(r, case["request"], "any")
    _, changed = add(case, place, {**statement, "Effect": "Deny"})
    if decide(case) != "Allowed":
        assert decide(changed) != "Allowed"


@deciders
@usual
@given(case=cases())
def test_without_a_deny_statement_nothing_is_explicitly_denied(decide: Decide, case: Json):
    changed = copy.deepcopy(case)
    for kind, document in documents(changed["policies"]):
        kept = [one for one in statements(document) if one["Effect"] == "Allow"]
        nothing = {"Effect": "Allow", "Action": "acme:Nothing", "Resource": "*"}
        document["Statement"] = kept or sort_of(case, kind, nothing)
    changed["policies"]["rcp"] = []
    assert decide(changed) != "ExplicitlyDenied"


@deciders
@usual
@given(case=cases(), limiter=st.sampled_from(["boundary", "session", "scp", "rcp", "vpce"]))
def test_a_limiter_never_grants(decide: Decide, case: Json, limiter: str):
    """Boundary, session policy, SCP, RCP and endpoint policy: with one, never more is allowed than without it.

    A federated user's session is the exception: without a session policy it may do nothing.
    """
    assume(not (limiter == "session" and ":federated-user/" in case["request"]["principal"]))
    without = {**case, "policies": {**case["policies"], limiter: [] if limiter in ("boundary", "scp", "rcp") else None}}
    if decide(case) == "Allowed":
        assert decide(without) == "Allowed"


@deciders
@usual
@given(case=cases(), limiter=st.sampled_from(["boundary", "session", "scp", "rcp", "vpce"]))
def test_a_limiter_alone_allows_nothing(decide: Decide, case: Json, limiter: str):
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    alone = {**case, "policies": {**case["policies"], "identity": [], "groups": {}, "resource": None}}
    assert decide(alone) != "Allowed"


@deciders
@usual
@given(case=cases(), place=st.integers(0, 50))
def test_saying_a_statement_twice_changes_nothing(decide: Decide, case: Json, place: int):
    assume(documents(case["policies"]))
    changed = copy.deepcopy(case)
    held = documents(changed["policies"])
    document = held[place % len(held)][1]
    document["Statement"] = statements(document) * 2
    assert decide(changed) == decide(case)


@deciders
@usual
@given(case=cases())
def test_the_case_of_actions_does_not_matter(decide: Decide, case: Json):
    changed = copy.deepcopy(case)
    changed["request"]["action"] = changed["request"]["action"].swapcase()
    assert decide(changed) == decide(case)


@deciders
@usual
@given(case=cases())
def test_the_case_of_condition_keys_does_not_matter(decide: Decide, case: Json):
    changed = copy.deepcopy(case)
    context = changed["request"]["context"]
    changed["request"]["context"] = {key.swapcase(): value for key, value in context.items()}
    assert decide(changed) == decide(case)


@deciders
@usual
@given(case=cases(), r=choices)
def test_action_and_not_action_split_the_world(decide: Decide, case: Json, r: Any):
    """Of `Allow Action P` and `Allow NotAction P` exactly one lets a request through."""
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    assume(has_identity_policies(case))
    pattern = generate.action_pattern(r, case["request"])
    answers = []
    for element in ("Action", "NotAction"):
        statement = {"Effect": "Allow", element: pattern, "Resource": "*"}
        answers.append(decide(only_identity(case, statement)))
    assert sorted(answers) == ["Allowed", "ImplicitlyDenied"]


@deciders
@usual
@given(case=cases(), r=choices)
def test_resource_and_not_resource_split_the_world(decide: Decide, case: Json, r: Any):
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    assume(has_identity_policies(case))
    pattern = generate.resource_pattern(r, case["request"])
    answers = []
    for element in ("Resource", "NotResource"):
        statement = {"Effect": "Allow", "Action": "*", element: pattern}
        answers.append(decide(only_identity(case, statement)))
    assert sorted(answers) == ["Allowed", "ImplicitlyDenied"]


def only_identity(case: Json, statement: Json) -> Json:
    """The same caller and context, an action that identity-based policies alone decide, in the caller's account."""
    principal = case["request"]["principal"]
    account = principal.split(":")[4]
    request = {**case["request"], "resource_account": account}
    for member in ("role_arn", "groups", "principal_tags", "resource_tags"):
        request.pop(member, None)
    document = {"Version": "2012-10-17", "Statement": [statement]}
    delegated = sort_of({"request": request}, "resource", {**ALLOW_ALL})
    delegated["Principal"] = {"AWS": account}
    special = request["action"].lower().startswith(("sts:", "kms:")) and request["resource"] != "*"
    return {
        **case,
        "request": request,
        "policies": {
            "identity": [document],
            "resource": {"Version": "2012-10-17", "Statement": delegated} if special else None,
            "session": {"Version": "2012-10-17", "Statement": ALLOW_ALL}
            if "/" in principal and "sts" in principal
            else None,
            "boundary": [],
            "scp": [],
            "rcp": [],
            "vpce": None,
        },
    }


NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
}
OPERATORS_OF_KEYS = [(key, operator) for key, (type_, _) in sorted(KEYS.items()) for operator in OPERATORS[type_]]


@deciders
@usual
@given(case=cases(), r=choices, which=st.sampled_from([one for one in OPERATORS_OF_KEYS if one[1] in NEGATED]))
def test_an_operator_and_its_negation_are_opposites(decide: Decide, case: Json, r: Any, which: tuple[str, str]):
    """Of a condition and its negated form exactly one holds, whether the key is in the request or not.

    Where the request's value is of the operator's type: neither holds of a value that cannot be compared, nor of many.
    """
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    assume(has_identity_policies(case))
    key, operator = which
    case["request"]["context"] = {key: r.choice(KEYS[key][1])} if generate.chance(r, 70) else {}
    value = generate.policy_value(r, KEYS[key][0], operator, KEYS[key][1], [])
    answers = []
    for sign in (operator, NEGATED[operator]):
        statement = {**ALLOW_ALL, "Condition": {sign: {key: value}}}
        answers.append(decide(only_identity(case, statement)))
    assert sorted(answers) == ["Allowed", "ImplicitlyDenied"]


@deciders
@usual
@given(case=cases(), r=choices, which=st.sampled_from(OPERATORS_OF_KEYS))
def test_if_exists_matters_only_when_the_key_is_missing(decide: Decide, case: Json, r: Any, which: tuple[str, str]):
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    assume(has_identity_policies(case))
    key, operator = which
    value = generate.policy_value(r, KEYS[key][0], operator, KEYS[key][1], [])
    plain, lenient = (
        decide(only_identity(case, {**ALLOW_ALL, "Condition": {name: {key: value}}}))
        for name in (operator, operator + "IfExists")
    )
    if lookup(case["request"]["context"], key) is None:
        assert lenient == "Allowed"
    else:
        assert lenient == plain


@deciders
@usual
@given(case=cases(), r=choices, which=st.sampled_from(OPERATORS_OF_KEYS))
def test_a_set_operator_on_one_value_is_the_plain_operator(decide: Decide, case: Json, r: Any, which: tuple[str, str]):
    assume(not needs_no_permission(case) and not case["request"]["principal"].endswith(":root"))
    assume(has_identity_policies(case))
    key, operator = which
    case["request"]["context"] = {key: r.choice(KEYS[key][1])}
    value = generate.policy_value(r, KEYS[key][0], operator, KEYS[key][1], [])
    answers = {
        decide(only_identity(case, {**ALLOW_ALL, "Condition": {prefix + operator: {key: value}}}))
        for prefix in ("", "ForAllValues:", "ForAnyValue:")
    }
    assert len(answers) == 1
