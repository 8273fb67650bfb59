"""From an event's name in CloudTrail to the API operation, its actions, and the parameters that name its resources.

The catalog is the mapping: ``eventSource`` is a service by its SDK's, signing or IAM name, ``eventName`` an operation,
with or without the API's version (``UpdateFunctionCode20150331v2``), or an action. ``events.tsv`` and
``event_parameters.tsv`` hold what CloudTrail spells otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from scopedown.catalog.model import Catalog, Operation, Service
from scopedown.core.conditions import parse_condition
from scopedown.core.tables import read_rows
from scopedown.permissions.naming import plain_name
from scopedown.permissions.parameter_formats import read_form
from scopedown.permissions.resources import rows_of

MAX_HINTS = 12
"""Parameters that are read of one event, at most: two name the resource of nearly every operation, the others say
which actions the request needs beside its own. No operation of AWS has more."""
PRESENT = "?"
"""Behind the name of a parameter of which only the presence is noted (``tags?``): its value names nothing, and may be
different in every request, or somebody's name."""
_FOLDER = Path(__file__).parent
_VERSION = re.compile(r"\d{4}_?\d{2}_?\d{2}(v\d+)?$")
_OF_BUCKETS = re.compile(r"Bucket(?=[A-Z]|$)|Configuration$")
"""Words that S3's events have, and its API has not, or the other way round: ``GetBucketObjectLockConfiguration``
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html)."""
_ARN = re.compile(r"(ARN|Arn|arn)s?$|^ResourceName$")
_MANY = 100_000
"""Events that are kept, AWS has about 20,000: a log may hold any number of other names."""
_MANY_OF = re.compile(r"(?<=Id)s$|(?<=Arn)s$|(?<=Name)s$")
_READS = ("Describe", "Get", "List", "Search")
_TAGS = ("Tags", "TagList", "TagSet", "TagSpecifications", "Tagging")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event is: ``operation`` is None where only an action has its name. ``parameters`` are (CloudTrail's name,
    the API's path): ``("bucketName", "Bucket")``; a name that ends in :data:`PRESENT` is read for its presence alone.
    ``unread`` are the paths of parameters that the log does not show and for which the API has a default: nothing is
    said of them. ``others`` are the operations of that name of other services whose events come from the same
    source (``elb`` and ``elbv2``)."""

    operation: Operation | None
    actions: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    others: tuple[Meaning, ...] = ()

    def of(self, hints: Mapping[str, str]) -> Meaning:
        """The one of the operations which the parameters of a request are of."""
        return max(
            (self, *self.others), key=lambda one: sum(name.removesuffix(PRESENT) in hints for name, _ in one.parameters)
        )


class Events:
    """The meaning of events, each worked out once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[tuple[str, str], Meaning | None] = {}
        self._read: dict[tuple[str, str], tuple[str, ...]] = {}
        self._plain: dict[tuple[str, bool], Mapping[str, Operation]] = {}

    def meaning(self, source: str, event: str) -> Meaning | None:
        """Of ``s3`` and ``PutObject``; None where the catalog knows no such event."""
        key = (source, event)
        if key in self._known:
            return self._known[key]
        meaning = self._meaning(source, event) if source.isascii() and event.isascii() else None
        if len(self._known) < _MANY:
            self._known[key] = meaning
        return meaning

    def hints(self, source: str, event: str) -> tuple[str, ...]:
        """The names of the request's parameters that say what an event is about, the most telling first."""
        key = (source, event)
        if key not in self._read:
            meaning = self.meaning(source, event)
            found = [name for one in (meaning, *meaning.others) for name, _ in one.parameters] if meaning else []
            names = tuple(dict.fromkeys(found))[:MAX_HINTS]
            if len(self._read) >= _MANY:
                return names
            self._read[key] = names
        return self._read[key]

    def _meaning(self, source: str, event: str) -> Meaning | None:
        names = tuple(dict.fromkeys((event, _VERSION.sub("", event))))
        operations = [*self._operations(source, names)]
        if operations:
            first, *others = (self._of(operation) for operation in operations)
            return replace(first, others=tuple(others))
        prefixes = [service.prefix for service in self._services(source) if service.prefix]
        for name in names:
            for prefix in dict.fromkeys((*prefixes, source)):
                action = self._catalog.action(f"{prefix}:{name}")
                if action:
                    return Meaning(None, (action.name,))
        return None

    def _operations(self, source: str, names: Iterable[str]) -> Iterator[Operation]:
        """The operations that an event may be: by a row of ``events.tsv``, by name, else whatever the case or the words
        that S3 adds."""
        for name in names:
            renamed, other = self._renamed.get((source, name), ("", ""))
            if renamed and (operation := self._catalog.operation(renamed, other)):
                yield operation
                return
        services = [service.name for service in self._services(source)]
        for name in names:
            found = [one for service in services if (one := self._catalog.operation(service, name))]
            if found:
                yield from found
                return
        for plain in (str.lower, _without_words_of_s3) if source == "s3" else (str.lower,):
            for service in services:
                alike = self._alike(service, plain)
                operation = next((alike[plain(name)] for name in names if plain(name) in alike), None)
                if operation:
                    yield operation
                    return

    def _alike(self, service: str, plain: Callable[[str], str]) -> Mapping[str, Operation]:
        """A service's operations by their plain names. Kept: a log may have any number of names that are unknown."""
        key = (service, plain is str.lower)
        if key not in self._plain:
            found: dict[str, Operation] = {}
            for one in self._catalog.operations_of(service):
                found.setdefault(plain(one.name), one)
            self._plain[key] = found
        return self._plain[key]

    def _of(self, operation: Operation) -> Meaning:
        parameters: dict[str, str] = {}
        for path in self._paths(operation):
            for name in self._spelled(operation, path.removesuffix(PRESENT)):
                if name not in parameters and name + PRESENT not in parameters:
                    parameters[name + PRESENT if path.endswith(PRESENT) else name] = path.removesuffix(PRESENT)
        actions = tuple(dict.fromkeys(one.action for one in operation.actions))
        read = tuple(parameters.items())[:MAX_HINTS]
        unread = [path for path in self._defaults(operation) if path not in {path for _, path in read}]
        return Meaning(operation, actions, read, tuple(unread))

    def _defaults(self, operation: Operation) -> Iterator[str]:
        """The parameters that name a resource by their absence: EventBridge's default bus."""
        for mapping in operation.actions:
            action = self._catalog.action(mapping.action)
            for row in rows_of(operation, action, self._catalog) if action else ():
                if read_form(row.form).default is not None:
                    yield row.parameter

    def _paths(self, operation: Operation) -> Iterator[str]:
        """The API's parameters that say what a request needs: the resource of its own action, what other actions depend
        on, their resources, and tags."""
        conditions: list[str] = []
        others: list[str] = []
        for number, mapping in enumerate(operation.actions):
            action = self._catalog.action(mapping.action)
            conditions += _conditions(mapping.when)
            found = []
            for row in rows_of(operation, action, self._catalog) if action else ():
                if row.parameter[:1] not in ("'", "$", ""):
                    found += [row.parameter, *_conditions(read_form(row.form).when)]
            if number == 0 and action and action.resource_types and not found:
                found += [name for name in operation.members if _ARN.search(name)]
            if number == 0:
                yield from found
            else:
                others += found
        if operation.service.startswith("apigateway"):
            members = {plain_name(name): name for name in operation.members}
            placeholders = re.findall(r"\{([^}]*)\}", operation.http)
            yield from (members[plain_name(one)] for one in placeholders if plain_name(one) in members)
        yield from sorted(others, key=lambda path: path.endswith(PRESENT))
        yield from conditions
        yield from (name + PRESENT for name in operation.members if name in _TAGS)

    def _spelled(self, operation: Operation, path: str) -> Iterator[str]:
        """CloudTrail's names of a parameter: its own, or the API's with a small first letter. None where it is never
        read: CloudTrail hides it, or its values are as many as the requests. A member of a structure or of a list's
        elements is read only where a row says how."""
        for key in ((operation.service, operation.name, path), (operation.service, "*", path)):
            if key in self._parameters:
                if self._parameters[key]:
                    yield self._parameters[key]
                return
        name = path.removesuffix("[]")
        if re.search(r"[.\[*$]", name):
            return
        yield name[:1].lower() + name[1:]
        if operation.service == "ec2" and not operation.name.startswith(_READS):
            # Later parts of EC2's API: {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-1"}}}
            yield f"{operation.name}Request.{_MANY_OF.sub('', name)}"

    def _services(self, source: str) -> list[Service]:
        """The services whose events have a source, the ones of that very name first: ``rdsdata`` is ``rds-data``,
        ``streams.dynamodb`` DynamoDB's."""
        found: dict[str, Service] = {}
        for name in (source, source.rpartition(".")[2], plain_name(source), self._renamed.get((source, "*"), ("",))[0]):
            found.update((service.name, service) for service in self._by_name.get(name, ()))
        order = {name: (source != name, source not in _names(service), name) for name, service in found.items()}
        return [found[name] for name in sorted(found, key=order.__getitem__)]

    @cached_property
    def _by_name(self) -> Mapping[str, list[Service]]:
        """The services by each of their names, and by the names without what is no letter or digit."""
        found: dict[str, list[Service]] = {}
        for service in self._catalog.services():
            forms = {form for name in _names(service) for form in (name, plain_name(name)) if form}
            for form in forms:
                found.setdefault(form, []).append(service)
        return found

    @cached_property
    def _renamed(self) -> dict[tuple[str, str], tuple[str, str]]:
        rows = read_rows(_FOLDER / "events.tsv", ("source", "event", "service", "operation", "reference"))
        return {(row["source"], row["event"]): (row["service"], row["operation"]) for row in rows}

    @cached_property
    def _parameters(self) -> dict[tuple[str, str, str], str]:
        rows = read_rows(_FOLDER / "event_parameters.tsv", ("service", "operation", "parameter", "name", "reference"))
        return {(row["service"], row["operation"], row["parameter"]): row["name"] for row in rows}


def _conditions(when: str) -> list[str]:
    """What a condition asks for: a parameter's value where it compares it, else its presence."""
    terms = [term for all_of in parse_condition(when) for term in all_of]
    return [term.path if term.operator else term.path + PRESENT for term in terms]


def _names(service: Service) -> tuple[str, str, str]:
    return service.name, service.signing_name, service.prefix


def _without_words_of_s3(name: str) -> str:
    return _OF_BUCKETS.sub("", name)
