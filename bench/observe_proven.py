"""Does observe find again what proven services did, and every fault that is planted in it?

usage: python bench/observe_proven.py WORK [NAME …] [--services 30] [--planted 20] [--seed 19]

WORK is what ``bench/prove_examples.py package`` made of public services. Services are taken in the order of a seed, and
proven with a record of every check, until there are enough that are proven and whose functions made a request. Where
none made one, it says why: most examples ask nothing of AWS, which the scan says before anything runs. The record is
written as CloudTrail's records (one for each request, data events among them, with the parameters that name what it is
about), and observed twice: as the guard's record and as CloudTrail's. Every call of a function must be confirmed,
nothing used and not found, nothing denied.

Then, in each of the first PLANTED services: one right is used that the scan does not need (a call that is hidden from
it), one request is denied, and one right is granted that nobody uses. Each must be found, and nothing else.

A result is written to WORK/observed.jsonl at once; what is in it is not done again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tests"), str(ROOT / "src")]

from prove_examples import FRAMEWORKS, TIMEOUT_COMMAND, WORKERS, _environment, _results, told_of  # noqa: E402

from scopedown.catalog.load import catalog  # noqa: E402
from scopedown.guard.model import ACCOUNT, Decided  # noqa: E402
from scopedown.guard.record import read  # noqa: E402
from scopedown.observe.actions import Observed  # noqa: E402
from scopedown.observe.events import Events  # noqa: E402
from scopedown.observe.join import Class  # noqa: E402
from scopedown.observe.model import Used  # noqa: E402
from scopedown.observe.names import Names  # noqa: E402
from scopedown.observe.reading.logs import observed_by_guard  # noqa: E402
from scopedown.observe.reading.records import Fold  # noqa: E402
from scopedown.observe.result import Observation, observe, wanted_of  # noqa: E402
from scopedown.permissions.parameter_formats import PSEUDO, read_form  # noqa: E402
from scopedown.permissions.resources import rows_of  # noqa: E402
from scopedown.project.load import Options, load_project  # noqa: E402
from scopedown.project.model import DeclaredStatement, Role  # noqa: E402
from scopedown.scan import ProjectScan, scan  # noqa: E402

DEPLOYER = f"arn:aws:iam::{ACCOUNT}:user/scopedown-prove"
HIDDEN = ("transcribe", "ListVocabularies", "transcribe:ListVocabularies")
"""A call that no service of the corpus makes, with the action that it needs."""
UNUSED = "route53:ListHostedZones"


def records_of(decided: Iterable[Decided]) -> Iterator[dict[str, Any]]:
    """What CloudTrail would have written of the guard's checks: one record for each request that a program made, and
    one for each that a service made for it with its credentials (Rekognition reads an object of S3)."""
    for _, group in groupby(sorted(decided, key=lambda one: one.number), key=lambda one: one.number):
        checks = list(group)
        service = checks[0].operation.partition(".")[0]
        known = catalog().service(service)
        own = known.prefix if known and known.prefix else service
        for one in checks:
            prefix, _, name = one.check.action.partition(":")
            if prefix != own and catalog().service(prefix) and catalog().operation(prefix, name):
                forwarded = replace(one, operation=f"{prefix}.{name}", via=one.via or f"{service}.amazonaws.com")
                yield from _records([forwarded])
                checks = [other for other in checks if other is not one]
        yield from _records(checks)


def _records(checks: Sequence[Decided]) -> Iterator[dict[str, Any]]:
    if checks:
        first = checks[0]
        service, _, operation = first.operation.partition(".")
        known = catalog().service(service)
        source = (known.signing_name or known.prefix or service) if known else service
        parameters = _parameters(service, operation, checks)
        denied = next((one for one in checks if not one.allowed), None)
        record: dict[str, Any] = {
            "eventVersion": "1.11", "eventType": "AwsApiCall", "eventCategory": _category(first),
            "eventTime": datetime.fromtimestamp(first.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{source}.amazonaws.com", "eventName": operation, "awsRegion": _region(first),
            "recipientAccountId": ACCOUNT, "userIdentity": _identity(first),
            "requestParameters": parameters or None,
            "resources": [{"ARN": one.check.resource} for one in checks if one.check.resource.startswith("arn:")],
        }  # fmt: skip
        if denied is not None:
            record |= {"errorCode": "AccessDenied", "errorMessage": denied.message}
        yield record


def _parameters(service: str, operation: str, checks: Sequence[Decided]) -> dict[str, str]:
    """The parameters of a request by which CloudTrail names what it is about: those that name the checked resources."""
    known = catalog().operation(service, operation)
    meaning = Events(catalog()).meaning(service, operation)
    if known is None or meaning is None or meaning.operation != known:
        return {}
    found: dict[str, str] = {}
    for one in checks:
        action = catalog().action(one.check.action)
        for row in rows_of(known, action, catalog()) if action else ():
            kind = catalog().resource_type(one.check.action.partition(":")[0], row.type)
            named = _named(kind.arn, one.check.resource) if kind else None
            form = read_form(row.form).kind
            if named and form == "s3-path":
                found[row.parameter] = "/".join(named.values())
            elif named and form in ("name", "plain", "bucket"):
                found[row.parameter] = named.get(row.variable) or [*named.values()][-1]
            elif named and form == "arn":
                found[row.parameter] = one.check.resource
                break
    return {name: found[path] for name, path in meaning.parameters if path in found}


def _named(form: str, arn: str) -> dict[str, str] | None:
    """The variables of an ARN by its form, without those of partition, region and account."""
    expression = ""
    for number, piece in enumerate(re.split(r"\$\{(\w+)\}", form)):
        known = f"(?P<{piece}>" in expression
        expression += re.escape(piece) if number % 2 == 0 else f"(?P={piece})" if known else f"(?P<{piece}>.+?)"
    found = re.fullmatch(expression, arn)
    return {name: value for name, value in found.groupdict().items() if name not in PSEUDO} if found else None


def _category(one: Decided) -> str:
    return "Data" if one.operation.partition(".")[0] in ("s3", "dynamodb", "lambda", "sqs", "sns") else "Management"


def _region(one: Decided) -> str:
    return str(one.check.context.get("aws:RequestedRegion") or "us-east-1")


def _identity(one: Decided) -> dict[str, Any]:
    head, assumed, rest = one.principal.partition(":assumed-role/")
    if not assumed:
        return {"type": "IAMUser", "arn": one.principal, "accountId": ACCOUNT} | _via(one)
    issuer = {"type": "Role", "arn": f"{head.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}"}
    session = {"sessionContext": {"sessionIssuer": issuer}}
    return {"type": "AssumedRole", "arn": one.principal, "accountId": ACCOUNT} | session | _via(one)


def _via(one: Decided) -> dict[str, str]:
    return {"invokedBy": one.via} if one.via else {}


def observed_as(scanned: ProjectScan, record: Path, form: str) -> Observation:
    """A record, observed as the guard's or as CloudTrail's."""
    names = Names(scanned.project, catalog())
    used, recorded = Used(), list[Observed]()
    if form == "guard":
        recorded = [*observed_by_guard(record)]
    else:
        fold = Fold(wanted_of([scanned], [names], DEPLOYER, "", ""), Events(catalog()).hints)
        fold.add(records_of(read(record)))
        used = fold.used
    return observe(scanned, names, used, recorded, "", catalog())


def faults(found: Observation, record: Path) -> Iterator[str]:
    """What is not as it must be: a call of a function that is not confirmed, a use without a need, a denial."""
    called = {(one.check.action, one.check.resource) for one in read(record) if ":assumed-role/" in one.principal}
    confirmed = {(use.action) for row in found.rows if row.kind is Class.CONFIRMED for use in row.uses}
    for action, resource in sorted(called):
        if action not in confirmed:
            yield f"not confirmed: {action} on {resource}"
    for row in found.rows:
        if row.kind in (Class.USED_NOT_FOUND, Class.DENIED):
            yield f"{row.kind}: {row.action} on {row.resource}"


def planted(scanned: ProjectScan, record: Path, into: Path) -> Iterator[str]:
    """Faults of three kinds, each alone; what of them is not found, or found beside it."""
    lines = record.read_text("utf-8").splitlines()
    own = next((one for one in read(record) if ":assumed-role/" in one.principal), None)
    if own is None:
        yield "no function made a request"
        return
    service, operation, action = HIDDEN
    hidden = json.loads(lines[1]) | {
        "number": 10**6, "principal": own.principal, "operation": f"{service}.{operation}", "action": action,
        "resource": "*", "allowed": True, "via": "",
    }  # fmt: skip
    denied = hidden | {"allowed": False, "message": f"User: {own.principal} is not authorized to perform: {action} "
                       "on resource: * because no identity-based policy allows the action"}  # fmt: skip
    for kind, line in ((Class.USED_NOT_FOUND, hidden), (Class.DENIED, denied)):
        file = into / "planted.jsonl"
        file.write_text("\n".join([*lines[:-1], json.dumps(line), lines[-1]]) + "\n", "utf-8")
        for form in ("guard", "CloudTrail"):
            rows = [
                (row.kind, row.action) for row in observed_as(scanned, file, form).rows
                if row.kind in (Class.USED_NOT_FOUND, Class.DENIED)
            ]  # fmt: skip
            if rows != [(kind, action)]:
                yield f"planted {kind} ({form}): found {rows}"
    roles = {id: _with_unused(role) for id, role in scanned.project.roles.items()}
    wider = replace(scanned, project=replace(scanned.project, roles=roles))
    granted = [row for row in observed_as(wider, record, "CloudTrail").rows if row.action == UNUSED]
    if not granted or any(row.kind not in (Class.REMOVABLE, Class.NOT_OBSERVABLE) for row in granted):
        yield f"planted right: found {[(str(row.kind), row.reason) for row in granted]}"


def _with_unused(role: Role) -> Role:
    statement = {"Effect": "Allow", "Action": [UNUSED], "Resource": "*"}
    return replace(role, statements=(*role.statements, DeclaredStatement(statement, role.place)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--services", type=int, default=30)
    parser.add_argument("--planted", type=int, default=20)
    parser.add_argument("--seed", default="19")
    given = parser.parse_args()
    work: Path = given.work.resolve()
    packaged = {name: one for name, one in _results(work / "packaged.jsonl").items() if one.get("framework")}
    names = given.names or [*packaged]
    order = sorted(names, key=lambda name: hashlib.sha256(f"{given.seed}{name}".encode()).hexdigest())
    results = work / "observed.jsonl"
    known = _results(results)
    found: list[dict[str, Any]] = []

    def observed(name: str) -> None:
        if len(found) >= given.services:
            return
        one = None if given.names else known.get(name)
        if one is None:
            with tempfile.TemporaryDirectory() as folder:
                one = _of_service(work, name, packaged[name], Path(folder), len(found) < given.planted)
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"name": name} | one) + "\n")
        if "why" not in one:
            found.append(one)
        said = (
            one.get("why") or "; ".join([*one["wrong"], *one["missed"]]) or f"all confirmed ({one['actions']} actions)"
        )
        print(f"{name}: {said}{', faults planted' if one.get('planted') else ''}", flush=True)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(observed, order))
    wrong, missed = (sum(bool(one[kind]) for one in found) for kind in ("wrong", "missed"))
    planted = sum(one["planted"] for one in found)
    print(f"{len(found)} services observed, {wrong} with a fault; of {planted} with planted faults {missed} missed one")
    return int(bool(wrong or missed))


def _of_service(work: Path, name: str, packaged: dict[str, Any], folder: Path, is_planted: bool) -> dict[str, Any]:
    """``wrong``: the faults of a service; ``missed``: the planted ones that were not found; ``actions``: how many
    actions its functions used. Or ``why`` it cannot be taken: it is not proven here, or no function made a request."""
    record = folder / "record.jsonl"
    scanned = scan(load_project(work / "services" / name, Options()), catalog())
    asked = {one.action for function in scanned.functions for one in function.permissions if one.because}
    asked = {action for action in asked if not action.startswith("logs:")}
    if not asked:
        return {"why": "its functions ask nothing of AWS, by the scan"}
    proof = _prove(work, name, packaged, record)
    if not record.exists() or not proof.get("proven"):
        return {"why": f"not proven: {'; '.join(proof.get('failures') or ['no proof'])[:500]}"}
    used = {one.check.action for one in read(record) if ":assumed-role/" in one.principal}
    if not used:
        told = told_of(proof)
        return {"why": f"no function made a request: {told['not_run'] or told['errors'] or 'all events ended well'}"}
    wrong = [f"{form}: {one}" for form in ("guard", "CloudTrail")
             for one in faults(observed_as(scanned, record, form), record)]  # fmt: skip
    missed = list(planted(scanned, record, folder)) if is_planted else []
    return {"wrong": wrong, "missed": missed, "planted": is_planted, "actions": len(used)}


def _prove(work: Path, name: str, packaged: dict[str, Any], record: Path) -> dict[str, Any]:
    command = [
        sys.executable, "-m", "scopedown", "prove", str(work / "services" / name), "--record", str(record),
        *packaged["options"], "--framework-program", str(FRAMEWORKS[packaged["framework"]]),
        "--timeout", str(TIMEOUT_COMMAND), "--format", "json",
    ]  # fmt: skip
    for one, value in packaged["environment"].items():
        command += ["--env", f"{one}={value}"]
    if (work / "events" / name).exists():
        command += ["--events", str(work / "events" / name)]
    environment = _environment(work) | {
        "NODE_PATH": str(work / "sdk" / "node_modules"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=1800, check=False)
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        return {"failures": [" ".join(done.stderr.decode(errors="replace")[-400:].split())]}


if __name__ == "__main__":
    sys.exit(main())
