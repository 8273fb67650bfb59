"""``scopedown simulate``: decide requests under policies, from options or from a file of cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.cases import run_cases
from scopedown.cli.decision_text import decision_lines
from scopedown.cli.forms import format_option, show
from scopedown.cli.options import pairs_of, require_actions
from scopedown.cli.output import output_option
from scopedown.core.arn import account_of, parse_arn
from scopedown.core.place import Place
from scopedown.iam import Caller, Kind, Policy, PolicyError, PolicySet, Request, RequestError, parse_policy
from scopedown.iam.cases import WORDS, read_case, read_expected, without_repeats
from scopedown.iam.evaluation import compile as compile_policies
from scopedown.iam.policyset import Level
from scopedown.iam.request import AWS_OWNED, derived_context
from scopedown.iam.services import refused, resource_policy_decides

if TYPE_CHECKING:
    from scopedown.catalog.model import Action

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NOBODY = "arn:aws:iam::{account}:role/simulated"
"""Who asks where no principal is given: a role of the resource's account."""


@click.command("simulate")
@click.option(
    "--policy", "--identity", "identity", type=_FILE, multiple=True, help="An identity-based policy; repeatable."
)
@click.option("--boundary", type=_FILE, multiple=True, help="Permissions boundary.")
@click.option("--session", type=_FILE, multiple=True, help="Session policy.")
@click.option("--resource-policy", type=_FILE, multiple=True, help="The resource's policy (or a role's trust policy).")
@click.option("--scp", type=_FILE, multiple=True, help="Service control policies of one level, or a list of levels.")
@click.option("--rcp", type=_FILE, multiple=True, help="Resource control policies, in the same form as --scp.")
@click.option("--vpce", type=_FILE, help="The policy of the VPC endpoint that the request goes through.")
@click.option(
    "--action", "actions", multiple=True, metavar="ACTION", help="The action, for example s3:GetObject; repeatable."
)
@click.option(
    "--resource", "resources", multiple=True, metavar="ARN", help="The resource's ARN; repeatable. Default: *."
)
@click.option("--principal", metavar="ARN", help="The caller's ARN. Default: a role in the resource's account.")
@click.option("--resource-account", metavar="ACCOUNT", help="The account that owns the resource, if its ARN has none.")
@click.option(
    "--management-account", metavar="ACCOUNT", help="The management account, to which SCPs and RCPs do not apply."
)
@click.option(
    "--context",
    "pairs",
    multiple=True,
    metavar="KEY=VALUE",
    help="A condition key; repeat it to give a key several values.",
)
@click.option("--derive-context", is_flag=True, help="Add the keys that AWS derives from principal and resource.")
@click.option("--cases", type=_FILE, help="Decide a file of cases instead (docs/cases.md).")
@format_option("decisions")
@output_option
@click.pass_context
def simulate_command(ctx: click.Context, /, cases: Path | None, form: str, **options: Any) -> None:
    """Decide whether AWS would allow a request, and show why.

    Exit code 0: allowed (with --cases: all as expected). 1: denied (or a case failed). 2: wrong input.

    \b
    Examples:
      scopedown simulate --policy role.json --action s3:GetObject --resource arn:aws:s3:::b/key
      scopedown simulate --policy role.json --scp deny.json --action sqs:SendMessage \\
        --resource arn:aws:sqs:eu-west-1:111122223333:q --context aws:SourceIp=203.0.113.7
      scopedown simulate --cases decisions.jsonl
    """
    if cases is not None:
        if options["actions"]:
            raise click.UsageError("--cases and --action exclude each other")
        ctx.exit(_run_cases(cases, form))
    if not options["actions"]:
        raise click.UsageError("give --action, or --cases")
    notes: list[str] = []
    requests = _requests(options, notes)
    policies = _policies(options, requests)
    decisions = [compile_policies(one).evaluate(request) for request, one in zip(requests, policies, strict=True)]
    show("decisions", form, decisions, notes)
    never = (refused(one.request.action, one.request.resource) for one in decisions)
    ctx.exit(0 if all(one.allowed for one in decisions) and not any(never) else 1)


def _requests(options: dict[str, Any], notes: list[str]) -> list[Request]:
    out: list[Request] = []
    given = _context(options["pairs"])
    for action in options["actions"]:
        _require_action(action)
        for resource in dict.fromkeys(_resource(action, one, notes) for one in options["resources"] or ("*",)):
            account = options["resource_account"] or account_of(resource) or AWS_OWNED
            account = "123456789012" if account == AWS_OWNED else account
            caller = Caller.of(options["principal"] or _NOBODY.format(account=account))
            context = given
            if options["derive_context"]:
                context = derived_context(caller, resource, given, options["resource_account"])
            out.append(Request(caller, action, resource, options["resource_account"], context))
    return out


def _require_action(action: str) -> None:
    """Raise for what is no action that AWS could ask for."""
    if ":" not in action or "*" in action or "?" in action:
        what = "is not an action" if ":" not in action else "is a pattern, and a request has one action"
        raise RequestError(f"{action!r} {what}", remedy="write it as service:Name, for instance s3:GetObject")
    require_actions(action)


def _resource(action: str, resource: str, notes: list[str]) -> str:
    """Rule 27: an action without resource-level permissions is only ever asked for ``*``."""
    if resource == "*":
        return resource
    from scopedown.catalog.load import catalog

    known = catalog().action(action)
    if known is None or known.resource_types:
        if parse_arn(resource) is None:
            raise RequestError(f"--resource {resource} is not an ARN", remedy=_form_of_arn(known))
        return resource
    note = f"{action} has no resource-level permissions: it is asked for *, whatever --resource says"
    if note not in notes:
        notes.append(note)
    return "*"


def _form_of_arn(action: Action | None) -> str:
    """What to write in the place of a resource that is no ARN: how those look that the action is asked for."""
    from scopedown.catalog.load import catalog

    prefix, types = action.name.partition(":")[0] if action is not None else "", action.resource_types if action else ()
    forms = [found.arn for name in types if (found := catalog().resource_type(prefix, name)) is not None]
    form = min(forms, key=len, default="arn:aws:SERVICE:REGION:ACCOUNT:NAME")
    return f"write it as {form.replace('${Partition}', 'aws')}"


def _context(pairs: Sequence[str]) -> dict[str, object]:
    values: dict[str, list[str]] = {}
    for key, value in pairs_of("--context", pairs, empty=True):
        written = next((known for known in values if known.lower() == key.lower()), key)
        values.setdefault(written, []).append(value)
    return {key: several[0] if len(several) == 1 else several for key, several in values.items()}


def _policies(options: dict[str, Any], requests: Sequence[Request]) -> list[PolicySet]:
    """The policy set of each request; they differ only where a resource's policy is a role's trust policy."""
    common = PolicySet(
        identity=_read_all(options["identity"], Kind.IDENTITY),
        boundary=_read_all(options["boundary"], Kind.BOUNDARY),
        session=_read_all(options["session"], Kind.SESSION) if options["session"] else None,
        scp=_levels(options["scp"], Kind.SCP),
        rcp=_levels(options["rcp"], Kind.RCP),
        vpce=_read(options["vpce"], Kind.VPCE) if options["vpce"] else None,
        management_account=options["management_account"],
    )
    files: tuple[Path, ...] = options["resource_policy"]
    if not files:
        return [common] * len(requests)
    made: dict[Kind, PolicySet] = {}
    out: list[PolicySet] = []
    for request in requests:
        trust = request.lower_action.startswith("sts:") and resource_policy_decides(
            request.lower_action, request.resource
        )
        kind = Kind.TRUST if trust else Kind.RESOURCE
        if kind not in made:
            made[kind] = _with_resource(common, [_read(file, kind) for file in files])
        out.append(made[kind])
    return out


def _with_resource(policies: PolicySet, documents: list[Policy]) -> PolicySet:
    """Several files of one resource's policy count as one document with all their statements."""
    first, *more = documents
    for document in more:
        if document.version != first.version:
            raise PolicyError(f"{document.name} has another Version than {first.name}")
        first = replace(first, statements=(*first.statements, *document.statements), single_statement=False)
    return replace(policies, resource=first)


def _read(file: Path, kind: Kind) -> Policy:
    return parse_policy(file.read_bytes(), kind, name=str(file))


def _read_all(files: Sequence[Path], kind: Kind) -> tuple[Policy, ...]:
    return tuple(_read(file, kind) for file in files)


def _levels(files: Sequence[Path], kind: Kind) -> tuple[Level, ...]:
    """Policies given one by one are one level; a file with a list of ``{level, policies}`` gives all its levels."""
    single: list[Policy] = []
    levels: list[Level] = []
    for file in files:
        data = file.read_bytes()
        if not data.lstrip().startswith(b"["):
            single.append(parse_policy(data, kind, name=str(file)))
            continue
        try:
            entries = json.loads(data, object_pairs_hook=without_repeats)
            documents = [entry["policies"] for entry in entries]
            if any(entry.keys() - {"level", "policies"} for entry in entries):
                raise ValueError
        except RequestError as error:
            raise RequestError(error.message, Place(str(file)), error.remedy) from None
        except (AttributeError, ValueError, TypeError, KeyError, RecursionError):
            raise RequestError(
                "a list of levels holds objects with level and policies alone", Place(str(file))
            ) from None
        for number, level in enumerate(documents):
            if not isinstance(level, list) or not all(isinstance(one, dict) for one in level):
                raise RequestError("policies of a level is a list of documents", Place(str(file)))
            name = f"{file}, level {number + 1}"
            levels.append(tuple(parse_policy(document, kind, name=name) for document in level))
    return (*levels, tuple(single)) if single else tuple(levels)


def _run_cases(file: Path, form: str) -> int:
    """Decide a file of requests (docs/cases.md)."""

    def expected(data: Mapping[str, Any], place: Place) -> str:
        return WORDS[read_expected(data.get("expected"))]

    def decide(data: Mapping[str, Any]) -> tuple[str, Iterator[str]]:
        decision = read_case(data).decide()
        return WORDS[decision.value], decision_lines(decision)

    return run_cases(file, form, "decision", "docs/cases.md", expected, decide, "Invalid")
