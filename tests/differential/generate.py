"""Random questions: a set of policies of every type, and requests that it has something to say about.

Every function takes `r`, a source of choices with the methods of `random.Random`: Hypothesis lends one whose choices
it can shrink, the nightly run takes one with a fixed seed. A question is a case in the shape of the case files.
"""

from random import Random
from typing import Any

from differential.universe import (
    AWAY,
    HOME,
    KEYS,
    NAMED_PRINCIPALS,
    NETWORKS,
    ODD,
    OPERATORS,
    PRINCIPALS,
    PROVIDERS,
    RESOURCES,
    SETS,
    TEXTS,
    TRUSTED_BY_PROVIDER,
)

Json = dict[str, Any]


GROUPS = ("devs", "ops")


def chance(r: Random, percent: int) -> bool:
    return r.randrange(100) < percent


def case(r: Random) -> Json:
    """One question."""
    return cases(r, 1)[0]


def cases(r: Random, count: int) -> list[Json]:
    """`count` questions to one set of policies: a request, and others that differ from it in a thing or two."""
    first = request(r)
    asked = policies(r, first)
    requests = [first] + [nearby(r, first) for _ in range(count - 1)]
    for one in requests:
        if chance(r, 5):
            one["action"] = one["action"].swapcase()
    return [{"request": one, "policies": fitting(asked, first, one)} for one in requests]


# --- requests -----------------------------------------------------------------------------------------------------


def request(r: Random) -> Json:
    resource = r.choice(sorted(RESOURCES))
    accounts, actions = RESOURCES[resource]
    found: Json = {
        "action": r.choice(actions),
        "resource": resource,
        "resource_account": r.choice(accounts),
        "principal": r.choice(PRINCIPALS),
        "context": context(r),
    }
    if ":role/" in resource and chance(r, 20):
        found["principal"] = r.choice(PROVIDERS)
        found["action"] = r.choice(TRUSTED_BY_PROVIDER)
    if ":assumed-role/" in found["principal"] and chance(r, 15):
        found["service_linked_role"] = True
    if ":assumed-role/app/" in found["principal"] and chance(r, 20):
        found["role_arn"] = f"arn:aws:iam::{HOME}:role/service/app"  # the role has a path, its sessions do not say so
        kept = {key: value for key, value in found["context"].items() if key.lower() != "aws:principalarn"}
        found["context"] = kept  # else the request might name two roles
    if chance(r, 3):
        found["aws_managed_key"] = True
    if chance(r, 10):
        found["principal_tags"] = {r.choice(("team", "TEAM")): r.choice(TEXTS)}
    if chance(r, 10):
        found["resource_tags"] = {r.choice(("team", "Team")): r.choice(TEXTS)}
    if ":user/" in found["principal"] and chance(r, 25):
        found["groups"] = [r.choice(GROUPS) for _ in range(r.choice((1, 2)))]
    return found


def nearby(r: Random, first: Json) -> Json:
    """The same request with another caller, action and resource, or context."""
    other = request(r)
    changed = {name: value for name, value in first.items() if name in ("action", "resource", "resource_account")}
    changed.update(principal=first["principal"], context=first["context"])
    for fields in r.choice(
        (("principal",), ("action", "resource", "resource_account"), ("context",), ("principal", "context"))
    ):
        changed[fields] = other[fields]
    by_provider = changed["principal"] in PROVIDERS
    if by_provider and ":role/" not in changed["resource"]:
        changed["principal"] = r.choice(PRINCIPALS)
    elif by_provider:
        changed["action"] = r.choice(TRUSTED_BY_PROVIDER)
    if changed["action"] not in RESOURCES[changed["resource"]][1] and changed["principal"] not in PROVIDERS:
        changed["action"] = r.choice(RESOURCES[changed["resource"]][1])
    return changed


def context(r: Random) -> Json:
    found: Json = {}
    for key in sorted(KEYS):
        if chance(r, 40):
            value = request_value(r, *KEYS[key])
            found[spelled(r, key)] = [value] if chance(r, 3) else value
    for key in sorted(SETS):
        if chance(r, 40):
            values = [request_value(r, *SETS[key]) for _ in range(r.randrange(3))]
            found[spelled(r, key)] = values
    return found


def request_value(r: Random, type_: str, values: tuple[str, ...]) -> str:
    """A value of the key's type, now and then one that is hardly of it."""
    return r.choice(ODD[type_]) if chance(r, 6) else r.choice(values)


def spelled(r: Random, key: str) -> str:
    """Key names are case-insensitive: sometimes another spelling."""
    if chance(r, 90):
        return key
    return key.upper() if chance(r, 50) else key.lower()


def fitting(asked: Json, first: Json, one: Json) -> Json:
    """Take away what cannot be.

    A session policy where there is no session, a boundary for the root user, a trust policy on what is no role.
    """
    kept = dict(asked)
    if is_trust(one) != is_trust(first):
        kept["resource"] = None
    name = one["principal"]
    if ":assumed-role/" not in name and ":federated-user/" not in name:
        kept["session"] = None
    if not name.startswith("arn:") or name.endswith(":root"):
        kept["boundary"] = []
    return kept


# --- policies -----------------------------------------------------------------------------------------------------


WITH_PRINCIPAL = ("resource", "trust", "rcp", "vpce")
LIMITING = ("boundary", "session", "scp", "rcp", "vpce")
PADDED = ("identity", "boundary", "session")


def policies(r: Random, asked: Json) -> Json:
    trust = is_trust(asked)
    return {
        "identity": [document(r, asked, "identity") for _ in range(r.choice((0, 1, 1, 2)))],
        "resource": document(r, asked, "trust" if trust else "resource") if chance(r, 65) else None,
        "session": document(r, asked, "session") if chance(r, 40) else None,
        "boundary": [document(r, asked, "boundary")] if chance(r, 35) else [],
        "scp": levels(r, asked, "scp") if chance(r, 40) else [],
        "rcp": levels(r, asked, "rcp") if chance(r, 35) else [],
        "vpce": document(r, asked, "vpce") if chance(r, 25) else None,
        **({"management_account": r.choice((HOME, AWAY))} if chance(r, 8) else {}),
        **({"groups": {group: [document(r, asked, "identity")] for group in GROUPS}} if asked.get("groups") else {}),
    }


def is_trust(asked: Json) -> bool:
    """Whether the resource's policy is a role's trust policy."""
    return bool(asked["action"].lower().startswith("sts:") and ":role/" in asked["resource"])


def levels(r: Random, asked: Json, kind: str) -> list[Json]:
    found = []
    for level in range(r.choice((1, 1, 2, 3))):
        held = [full_access(kind)] if kind == "rcp" or chance(r, 75) else []
        held += [document(r, asked, kind) for _ in range(r.choice((0, 1)) if held else 1)]
        found.append({"level": level, "policies": held})
    return found


def full_access(kind: str) -> Json:
    statement: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    if kind in WITH_PRINCIPAL:
        statement["Principal"] = "*"
    return {"Version": "2012-10-17", "Statement": [statement]}


def document(r: Random, asked: Json, kind: str) -> Json:
    """A policy document of a kind. Those of a limiting kind mostly allow: else they would deny all."""
    statements = [statement(r, asked, kind) for _ in range(r.choice((1, 1, 2, 3)))]
    found: Json = {}
    if chance(r, 92):
        found["Version"] = "2012-10-17" if chance(r, 92) else "2008-10-17"
    found["Statement"] = statements[0] if len(statements) == 1 and chance(r, 30) else statements
    return found


def statement(r: Random, asked: Json, kind: str) -> Json:
    """A statement of a kind of policy; one of kind "any" is good in every policy without principals."""
    if kind in LIMITING and kind != "rcp" and chance(r, 45):
        allow_all: Json = full_access(kind)["Statement"][0]
        return allow_all
    effect = "Deny" if kind == "rcp" or chance(r, 25) else "Allow"
    found: Json = {"Effect": effect}
    if kind == "rcp":
        found["Principal"] = "*"
    elif kind in WITH_PRINCIPAL:
        if kind != "trust" and chance(r, 35 if effect == "Deny" else 3):
            found["NotPrincipal"] = principal_element(r, asked, exempting=True)
        else:
            found["Principal"] = principal_element(r, asked)
    name = trust_action_pattern if kind == "trust" else action_pattern
    actions = [name(r, asked) for _ in range(r.choice((1, 1, 2)))]
    found["NotAction" if chance(r, 15) and kind not in ("rcp", "trust") else "Action"] = one_or_list(r, actions)
    if kind != "trust":
        resources = [resource_pattern(r, asked, kind) for _ in range(r.choice((1, 1, 2)))]
        found["NotResource" if chance(r, 15) else "Resource"] = one_or_list(r, resources)
    if chance(r, 45):
        found["Condition"] = condition(r, asked)
    return found


def one_or_list(r: Random, values: list[Any]) -> Any:
    return values[0] if len(values) == 1 and chance(r, 60) else values


def principal_element(r: Random, asked: Json, exempting: bool = False) -> Any:
    if not exempting and chance(r, 25):
        return "*"
    chosen = [r.choice(NAMED_PRINCIPALS) for _ in range(r.choice((1, 1, 2)))]
    if exempting or chance(r, 50):
        chosen += naming(r, asked["principal"], whole=exempting and chance(r, 60))
    if exempting:
        everyone = [("AWS", "*")] if chance(r, 3) else [("AWS", AWAY)]
        chosen = [entry for entry in chosen if entry[1] != "*"] or everyone
    element: Json = {}
    for type_, name in chosen:
        element.setdefault(type_, []).append(name)
    return {type_: one_or_list(r, names) for type_, names in element.items()}


def naming(r: Random, principal: str, whole: bool) -> list[tuple[str, str]]:
    """One way to name a caller, or the whole chain of its account, source and itself."""
    if principal == "anonymous":
        return [("AWS", "*")]
    if principal in PROVIDERS:
        return [("Federated", principal)]
    if not principal.startswith("arn:"):
        return [("Service", principal)]
    account, name = principal.split(":", 5)[4:]
    chain = [f"arn:aws:iam::{account}:root" if chance(r, 50) else account, principal]
    parts = name.split("/")
    if parts[0] == "assumed-role":
        chain.append(f"arn:aws:iam::{account}:role/{parts[1]}")
    elif parts[0] == "federated-user":
        chain.append(f"arn:aws:iam::{account}:user/{parts[1]}")
    return [("AWS", one) for one in (chain if whole else [r.choice(chain)])]


def action_pattern(r: Random, asked: Json) -> str:
    action = asked["action"] if chance(r, 75) else r.choice(RESOURCES[r.choice(sorted(RESOURCES))][1])
    service, name = action.split(":")
    kind = r.randrange(8)
    if kind == 0:
        return "*"
    if kind == 1:
        return f"{service}:*"
    if kind in (2, 3):
        name = with_wildcards(r, name)
    elif kind == 4:
        return action.upper() if chance(r, 50) else action.lower()
    return f"{service}:{name}"


def trust_action_pattern(r: Random, asked: Json) -> str:
    """A trust policy may name actions of sts only."""
    return r.choice((asked["action"], "sts:AssumeRole", "sts:Assume*", "sts:*", "STS:ASSUMEROLE", "sts:TagSession"))


def with_wildcards(r: Random, text: str, longest: int = 5) -> str:
    """Put one or two wildcards over parts of a text; now and then they fit no longer."""
    for _ in range(r.choice((1, 1, 2))):
        start = r.randrange(len(text) + 1)
        end = min(len(text), start + r.choice((0, 1, 1, 2, longest)))
        text = text[:start] + ("?" if end - start == 1 and chance(r, 50) else "*") + text[end:]
    return text


def resource_pattern(r: Random, asked: Json, policy: str = "") -> str:
    """A pattern that has something of the request's resource.

    In policies of the principal it may lack fields at the end; where the kind of policy is not said it is a whole ARN.
    """
    resource = asked["resource"] if chance(r, 75) else r.choice(sorted(RESOURCES))
    kind = r.randrange(11)
    if kind == 0 or resource == "*":
        return "*"
    *fields, last = resource.split(":", 5)
    if kind in (1, 2):
        last = with_wildcards(r, last)
    elif kind == 3:
        place = r.choice((3, 4))
        fields[place] = with_wildcards(r, fields[place]) if chance(r, 50) else "*"
    elif kind == 4:
        last = "*"
    elif kind in (5, 6):
        last = with_fitting_variable(r, asked, last) if chance(r, 70) else f"{last[:1]}{variable(r)}{last[2:]}"
    elif kind == 7:
        last = last.swapcase()
    elif kind == 8:  # one star over several fields, where enough of them stay
        start = len(":".join(fields[:3])) + 1
        spanning = resource[:start] + with_wildcards(r, resource[start:], longest=20)
        whole = spanning.count(":") >= 5 or policy in (*PADDED, "resource", "vpce")
        return spanning if whole else "*"
    elif kind == 9 and policy in PADDED and chance(r, 40):
        return ":".join(fields[: r.randrange(3, 6)]) + r.choice(("", "", "*"))
    return ":".join([*fields, last])


def with_fitting_variable(r: Random, asked: Json, text: str) -> str:
    """Replace a part of a text by a variable that stands for it: the context's value, or the default."""
    fitting = [(key, value) for key, value in asked["context"].items() if isinstance(value, str) and value]
    fitting = [(key, value) for key, value in fitting if value in text]
    if fitting and chance(r, 70):
        key, value = r.choice(fitting)
        default = f", '{r.choice(TEXTS)}'" if chance(r, 20) else ""
        return text.replace(value, "${" + spelled(r, key) + default + "}", 1)
    start = r.randrange(len(text))
    part = text[start : start + r.randrange(1, 4)]
    if "'" in part or "}" in part:
        return text
    key = r.choice(("none:such", "aws:PrincipalTag/team", "aws:TagKeys"))
    return text[:start] + "${" + key + f", '{part}'" + "}" + text[start + len(part) :]


def variable(r: Random) -> str:
    kind = r.randrange(6)
    if kind == 0:
        return r.choice(
            ("${*}", "${?}", "${$}", "${*}", "${", "$", "${aws:username", "${none:such}", "${aws:username, ''}")
        )
    key = r.choice(("aws:username", "aws:PrincipalTag/team", "aws:ResourceTag/team", "AWS:UserName", "aws:TagKeys"))
    if kind == 1:
        return "${" + key + ", '" + r.choice(TEXTS) + "'}"
    return "${" + key + "}"


# --- conditions ---------------------------------------------------------------------------------------------------


def condition(r: Random, asked: Json) -> Json:
    found: Json = {}
    for _ in range(r.choice((1, 1, 2))):
        if chance(r, 12):
            key = r.choice(sorted(KEYS | SETS))
            keys = found.setdefault("Null", {})
            if not any(name.lower() == key.lower() for name in keys):
                keys[spelled(r, key)] = r.choice(("true", "false", True, False))
            continue
        many = chance(r, 30)
        key = r.choice(sorted(SETS if many else KEYS))
        type_, values = (SETS if many else KEYS)[key]
        operator = r.choice(OPERATORS[type_])
        if chance(r, 95 if many else 15):
            operator = r.choice(("ForAllValues:", "ForAnyValue:")) + operator
        if chance(r, 20):
            operator += "IfExists"
        here = [value for name, value in asked["context"].items() if name.lower() == key.lower()]
        chosen = [policy_value(r, type_, operator, values, here) for _ in range(r.choice((1, 1, 2)))]
        if type_ == "Bool":
            chosen = chosen[:1]
        keys = found.setdefault(operator, {})
        if not any(name.lower() == key.lower() for name in keys):  # a key twice, in two spellings, is an error
            keys[spelled(r, key)] = one_or_list(r, [as_json(r, type_, value) for value in chosen])
    return found


def as_json(r: Random, type_: str, value: str) -> Any:
    """Numbers and truth values may stand in a policy as themselves."""
    if type_ == "Bool" and chance(r, 30):
        return value.lower() == "true"
    if type_ == "Numeric" and chance(r, 30):
        return float(value) if "." in value else int(value)
    return value


def policy_value(r: Random, type_: str, operator: str, values: tuple[str, ...], here: list[Any]) -> str:
    if type_ == "IpAddress":
        return r.choice(NETWORKS)
    value = r.choice(values)
    if here and chance(r, 40):
        carried = [one for one in (here[0] if isinstance(here[0], list) else here) if one in values]
        value = r.choice(carried) if carried else value
    if type_ == "String" and chance(r, 25):
        return with_variable(r, value)
    if type_ in ("String", "Arn") and "Equals" not in operator and chance(r, 50):
        return with_wildcards_in_fields(r, value) if type_ == "Arn" else with_wildcards(r, value)
    if type_ == "Arn" and "Arn" in operator and chance(r, 40):
        return with_wildcards_in_fields(r, value)
    return value


def with_variable(r: Random, value: str) -> str:
    return variable(r) if chance(r, 50) else f"{value[:1]}{variable(r)}{value[2:]}"


def with_wildcards_in_fields(r: Random, arn: str) -> str:
    """Wildcards over one field of an ARN after the service, so that it stays an ARN."""
    fields = arn.split(":", 5)
    place = r.choice((3, 4, 5, 5))
    fields[place] = with_wildcards(r, fields[place]) if chance(r, 70) else "*"
    return ":".join(fields)
