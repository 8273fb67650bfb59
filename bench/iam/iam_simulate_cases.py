"""The test cases of @cloud-copilot/iam-simulate, decided by scopedown's evaluator.

    git clone https://github.com/cloud-copilot/iam-simulate CHECKOUT
    python bench/iam/iam_simulate_cases.py CHECKOUT [--verbose]

iam-simulate is AGPL-3.0: its cases are read from a checkout and nothing of them is kept here. A case is a request, the
policies, and the expected decision. Read are those of its strict mode: the engine's
(``src/core_engine/coreEngineTests``) and the simulation's (``src/simulation_engine/simulationEngineIntegrationTests``).

iam-simulate may ask for a pattern, and allows it where some resource that fits it is allowed. Asked here are single
resources: one that fits the pattern, and one that fits both the pattern and each pattern of the policies. What AWS
would not store is written as AWS takes it: a principal in an identity policy, a resource in a trust policy and a
statement of a resource policy without a principal are left out, a principal that is a bare ARN becomes ``{"AWS": …}``.

A wrong allow is a request that scopedown allows and the case does not, unless AWS documents the allow.
``iam_simulate_differences.tsv`` says why decisions differ; exit code 1 where a wrong allow or a difference without a
reason is left.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.iam.cases import WORDS, read_case
from scopedown.iam.services import refused

HERE = Path(__file__).parent
CORE = "src/core_engine/coreEngineTests"
SIMULATION = "src/simulation_engine/simulationEngineIntegrationTests"
INVALID = "Invalid"
REFUSED = "Refused"
"""What no policy can allow (``scopedown/iam/refused.tsv``), which iam-simulate calls denied."""
DOCUMENTED = "AWS documents the allow:"
"""How the reason of a difference begins where the case contradicts AWS's documentation."""


@dataclass(frozen=True)
class Asked:
    """One decision: where its case is, and the case in the shape of docs/cases.md."""

    file: str
    number: int
    case: dict[str, Any]
    name: str

    @property
    def key(self) -> str:
        """The file and the number of the case in it, for example ``scps.json 3``."""
        return f"{self.file} {self.number}"


def core_cases(checkout: Path) -> Iterator[Asked]:
    """The engine's own cases in strict mode."""
    for file in sorted((checkout / CORE).rglob("*.json")):
        for number, one in enumerate(json.loads(file.read_text())):
            if (one.get("simulation") or {}).get("mode", "Strict") != "Strict" or one.get("skip"):
                continue
            asked, resource = one["request"], one["request"]["resource"]
            request = _request(asked["principal"], asked["action"], resource["resource"], resource["accountId"],
                               asked.get("context"))  # fmt: skip
            policies = _policies(one, "permissionBoundaries", "endpointPolicies", request)
            case = {"request": request, "policies": policies, "expected": one["expected"]["response"]}
            yield Asked(str(file.relative_to(checkout / CORE)), number, case, one["name"])


def simulation_cases(checkout: Path) -> Iterator[Asked]:
    """The simulation's cases in strict mode: one for each pattern that is expected, else for the request."""
    for file in sorted((checkout / SIMULATION).rglob("*.json")):
        for number, one in enumerate(json.loads(file.read_text())):
            asked, expected = one["simulation"], one["expected"]
            if (one.get("simulationOptions") or {}).get("simulationMode", "Strict") != "Strict" or one.get("skip"):
                continue
            about = asked["request"]
            asks_for = about["resource"]["resource"]
            wanted = [(row.get("resourcePattern") or asks_for, row.get("result") or expected["overallResult"])
                      for row in expected["results"]] or [(asks_for, expected["overallResult"])]  # fmt: skip
            for pattern, result in wanted:
                found = common(pattern, asks_for)
                request = _request(about["principal"], about["action"], pattern if found is None else found,
                                   about["resource"].get("accountId"), about.get("contextVariables"))  # fmt: skip
                policies = _policies(asked, "permissionBoundaryPolicies", "vpcEndpointPolicies", request)
                case = {"request": request, "policies": policies, "expected": result}
                yield Asked(str(file.relative_to(checkout / SIMULATION)), number, case, f"{one['name']} ({pattern})")


def _request(principal: Any, action: str, resource: str, account: str | None, context: Any) -> dict[str, Any]:
    who = principal if isinstance(principal, str) else None  # {"type": "Anonymous"}
    return {"principal": who, "action": action, "resource": resource, "resource_account": account,
            "context": context or {}}  # fmt: skip


def _policies(given: dict[str, Any], boundary: str, endpoint: str, request: dict[str, Any]) -> dict[str, Any]:
    """The policies of a case, as docs/cases.md has them and AWS would store them."""
    trust = request["action"].lower().startswith("sts:") and ":role/" in request["resource"]
    vpce = _documents(given.get(endpoint))
    return {
        "identity": [_without(one, "Principal", "NotPrincipal") for one in _documents(given.get("identityPolicies"))],
        "resource": _of_resource(given.get("resourcePolicy"), trust),
        "boundary": _documents(given.get(boundary)) or None,
        "session": _document(given["sessionPolicy"]) if given.get("sessionPolicy") else None,
        "scp": _levels(given.get("serviceControlPolicies"), "Principal"),
        "rcp": _levels(given.get("resourceControlPolicies")),
        "vpce": _with_principal(vpce) if vpce else None,
    }


def _document(given: Any) -> dict[str, Any]:
    document: dict[str, Any] = given.get("policy", given)
    return document


def _documents(given: Any) -> list[dict[str, Any]]:
    return [_document(one) for one in given or []]


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    inside = document["Statement"]
    return list(inside) if isinstance(inside, list) else [inside]


def _without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    left = [{name: value for name, value in one.items() if name not in names} for one in _statements(document)]
    return {**document, "Statement": left}


def _levels(given: Any, *without: str) -> list[dict[str, Any]]:
    """Levels of an organization; a document without statements allows nothing, as if it were not there."""
    return [{"level": one.get("orgIdentifier"), "policies": [
        _without(policy, *without) for policy in _documents(one["policies"]) if _statements(policy)
    ]} for one in given or []]  # fmt: skip


def _of_resource(given: Any, trust: bool) -> dict[str, Any] | None:
    if not given:
        return None
    document = _without(_document(given), *(("Resource", "NotResource") if trust else ()))
    kept = [{name: {"AWS": value} if name.endswith("Principal") and isinstance(value, str) and value != "*" else value
             for name, value in one.items()} for one in document["Statement"]
            if "Principal" in one or "NotPrincipal" in one]  # fmt: skip
    return {**document, "Statement": kept} if kept else None


def _with_principal(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """One endpoint policy of several; a statement without a principal is for all."""
    statements = [{"Principal": "*", **one} for document in documents for one in _statements(document)]
    return {**documents[0], "Statement": statements}


def common(first: str, second: str) -> str | None:
    """A text that fits two patterns with ``*`` and ``?``, ARNs cut short going on with ``*``; None where none does.

    >>> common("arn:aws:s3:::b/*", "arn:aws:s3:::*/logs-?")
    'arn:aws:s3:::b/logs-x'
    """
    one, other = _whole(first), _whole(second)

    @cache
    def rest(at: int, of: int) -> str | None:
        if at == len(one) and of == len(other):
            return ""
        left, right = one[at : at + 1], other[of : of + 1]
        tries: list[tuple[str, int, int]] = []
        if left == "*":
            tries.append(("", at + 1, of))
        if right == "*":
            tries.append(("", at, of + 1))
        if left and right and (left == right or "?" in left + right or "*" in left + right):
            char = next((char for char in (left, right) if char not in "*?"), "x")
            tries.append((char, at + (left != "*"), of + (right != "*")))
        for char, next_at, next_of in tries:
            if (next_at, next_of) != (at, of) and (found := rest(next_at, next_of)) is not None:
                return char + found
        return None

    return rest(0, 0)


def _whole(pattern: str) -> str:
    missing = 6 - len(pattern.split(":", 5)) if pattern.startswith("arn:") else 0
    return pattern + ":*" * missing


def resources(case: dict[str, Any]) -> list[str]:
    """The resources to ask for: the case's own, or some that fit its pattern, where the action takes resources."""
    asked, action = case["request"]["resource"], catalog().action(case["request"]["action"])
    if not ("*" in asked or "?" in asked) or (asked == "*" and action is not None and not action.resource_types):
        return [asked]
    patterns = re.findall(r'"(arn:[^"]*)"', json.dumps(case["policies"], ensure_ascii=False))
    found = [common(asked, one) for one in [asked, *patterns]]
    return list(dict.fromkeys(one for one in found if one is not None))


def decided(asked: Asked) -> str:
    """scopedown's word for it, or "Invalid" with the message. Of several resources the most that is allowed counts."""
    words = set()
    for resource in resources(asked.case):
        try:
            decision = read_case({**asked.case, "request": {**asked.case["request"], "resource": resource}}).decide()
        except ScopedownError as error:
            return f"{INVALID}: {error}"
        never = decision.allowed and refused(decision.request.action, decision.request.resource)
        words.add(REFUSED if never else WORDS[decision.value])
    return next(word for word in ("Allowed", REFUSED, "ExplicitlyDenied", "ImplicitlyDenied") if word in words)


def explanations() -> dict[str, str]:
    """``file number`` → why the decisions differ."""
    with (HERE / "iam_simulate_differences.tsv").open() as rows:
        return {f"{row['file']} {number}": row["reason"] for row in csv.DictReader(rows, delimiter="\t")
                for number in row["numbers"].split(",")}  # fmt: skip


def main() -> int:
    """Decide and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print every difference as JSON")
    options = parser.parse_args()
    why, failed = explanations(), False
    for title, cases in ("engine", core_cases), ("simulation", simulation_cases):
        counts: Counter[str] = Counter()
        for asked in cases(options.checkout):
            ours, expected = decided(asked), str(asked.case["expected"])
            kind = "same"
            if ours == REFUSED and expected != "Allowed":
                counts["refused by the service, as no policy can allow it"] += 1
                continue
            reason = why.get(asked.key, "")
            if ours == "Allowed" != expected:
                kind = "documented allow" if reason.startswith(DOCUMENTED) else "wrong allow"
            elif expected == "Allowed" != ours:
                kind = "wrong deny"
            elif ours != expected:
                kind = "another kind of deny"
            counts[kind] += 1
            if kind == "same":
                continue
            counts["explained"] += bool(reason)
            failed |= kind == "wrong allow" or not reason
            print(f"{kind}: {asked.key} expects {expected}, scopedown says {ours}. {reason or 'NOT EXPLAINED'}")
            if options.verbose:
                print(f"    {asked.name}\n    {json.dumps(asked.case)}")
        total = sum(counts.values()) - counts["explained"]
        print(f"{title}: {total} decisions, " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
