"""Does observe find again what proven services did, and every fault that is planted in it?

usage: python bench/observe_proven.py WORK [--services 30] [--planted 20] [--seed 19]

WORK is what ``bench/prove_examples.py package`` made of serverless/examples. Services are taken in the order of a seed,
and proven with a record of every check, until there are enough that are proven and whose functions made a request. The
record is written as CloudTrail's records (one for each request, data events among them), and observed twice: as the
guard's record and as CloudTrail's. Every call of a function must be confirmed, nothing used and not found, nothing
denied.

Then, in each of the first PLANTED services: one right is used that the scan does not need (a call that is hidden from
it), one request is denied, and one right is granted that nobody uses. Each must be found, and nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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

from prove_examples import FRAMEWORKS, TIMEOUT_COMMAND, WORKERS, _environment, _results  # noqa: E402

from scopedown.catalog.load import catalog  # noqa: E402
from scopedown.guard.model import ACCOUNT, Decided  # noqa: E402
from scopedown.guard.record import read  # noqa: E402
from scopedown.observe.actions import Observed  # noqa: E402
from scopedown.observe.events import Events  # noqa: E402
from scopedown.observe.join import Class  # noqa: E402
from scopedown.observe.model import Used  # noqa: E402
from scopedown.observe.names import Names  # noqa: E402
from scopedown.observe.reading.recordings import observed_by_guard  # noqa: E402
from scopedown.observe.reading.records import Fold  # noqa: E402
from scopedown.observe.result import Observation, observe, wanted_of  # noqa: E402
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
        denied = next((one for one in checks if not one.allowed), None)
        record: dict[str, Any] = {
            "eventVersion": "1.11", "eventType": "AwsApiCall", "eventCategory": _category(first),
            "eventTime": datetime.fromtimestamp(first.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{source}.amazonaws.com", "eventName": operation, "awsRegion": _region(first),
            "recipientAccountId": ACCOUNT, "userIdentity": _identity(first),
            "resources": [{"ARN": one.check.resource} for one in checks if one.check.resource.startswith("arn:")],
        }  # fmt: skip
        if denied is not None:
            record |= {"errorCode": "AccessDenied", "errorMessage": denied.message}
        yield record


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
    parser.add_argument("--services", type=int, default=30)
    parser.add_argument("--planted", type=int, default=20)
    parser.add_argument("--seed", default="19")
    given = parser.parse_args()
    work: Path = given.work.resolve()
    packaged = {name: one for name, one in _results(work / "packaged.jsonl").items() if one.get("framework")}
    order = sorted(packaged, key=lambda name: hashlib.sha256(f"{given.seed}{name}".encode()).hexdigest())
    found: list[tuple[bool, bool]] = []

    def observed(name: str) -> tuple[bool, bool] | None:
        if len(found) >= given.services:
            return None
        with tempfile.TemporaryDirectory() as folder:
            one = _of_service(work, name, packaged[name], Path(folder), len(found) < given.planted)
        if one is not None:
            found.append(one)
        return one

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(observed, order))
    wrong, missed = sum(one for one, _ in found), sum(one for _, one in found)
    print(f"{len(found)} services observed, {wrong} with a fault; of those with planted faults {missed} missed one")
    return int(bool(wrong or missed))


def _of_service(
    work: Path, name: str, packaged: dict[str, Any], folder: Path, is_planted: bool
) -> tuple[bool, bool] | None:
    """Whether a service has a fault, and whether a planted one was missed; None where it is not proven here, or none of
    its functions made a request."""
    record = folder / "record.jsonl"
    is_proven = _prove(work, name, packaged, record)
    if not is_proven or not any(":assumed-role/" in one.principal for one in read(record)):
        print(f"{name}: {'no function made a request' if is_proven else 'not proven'}", flush=True)
        return None
    scanned = scan(load_project(work / "services" / name, Options()), catalog())
    wrong = [f"{form}: {one}" for form in ("guard", "CloudTrail")
             for one in faults(observed_as(scanned, record, form), record)]  # fmt: skip
    lost = list(planted(scanned, record, folder)) if is_planted else []
    print(f"{name}: {'; '.join([*wrong, *lost]) or 'all confirmed'}", flush=True)
    return bool(wrong), bool(lost)


def _prove(work: Path, name: str, packaged: dict[str, Any], record: Path) -> bool:
    command = [
        sys.executable, "-m", "scopedown", "prove", str(work / "services" / name), "--record", str(record),
        *packaged["options"], "--framework-program", str(FRAMEWORKS[packaged["framework"]]),
        "--timeout", str(TIMEOUT_COMMAND), "--format", "json",
    ]  # fmt: skip
    for one, value in packaged["environment"].items():
        command += ["--env", f"{one}={value}"]
    environment = _environment(work) | {
        "NODE_PATH": str(work / "sdk" / "node_modules"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=1800, check=False)
    return record.exists() and json.loads(done.stdout or b"{}").get("proven", False)


if __name__ == "__main__":
    sys.exit(main())
