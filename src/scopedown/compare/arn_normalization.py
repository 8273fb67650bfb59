"""ARNs of needs and of statements in texts that can be compared: one resource, one way to say it.

A need names a declared resource by reference (``${Table.Arn}``), a statement often by a pattern (``table/todos-*``).
So a need is tried in every form in which its resource can be said, with the region and the partition of the deployment;
an account that nobody knows is the same in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.arn import parse_arn
from scopedown.core.text import ANY, Att, Literal, Part, Pseudo, Ref, Text
from scopedown.core.text_slicing import Prefixes, split
from scopedown.permissions.bind import declared_of
from scopedown.permissions.declared import Declared, Own
from scopedown.permissions.parameter_formats import SECRET_SUFFIX
from scopedown.project.intrinsics import Scope, to_text, with_defaults
from scopedown.project.model import Project, Tree
from scopedown.project.stand_ins import as_symbols

_LOG_GROUP = "AWS::Logs::LogGroup"
"""Its attribute ``Arn`` ends in ``:*``, so that it names the streams too
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html)."""
ACCOUNT = "000000000000"
"""Stands for the account of the deployment where it is not known."""
_QUALIFIED = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_OTHER_ACCOUNT = re.compile(r"(arn:[^:]*:[^:]*:[^:]*:)\d{12}(?=:)")

_STACK = Pseudo("AWS::StackName")
_LOGS_OF_LAMBDA = ":log-group:/aws/lambda/"


def without_stack(arn: Text) -> Text | None:
    """The log group of a function that CloudFormation names, with any name of a stack; None for other resources.

    A name of a function has 64 characters at most, and CloudFormation cuts the stack's name where the two are longer
    (:mod:`scopedown.deploy.names`).
    """
    for number, part in enumerate(arn.parts[1:], 1):
        before = arn.parts[number - 1]
        if part == _STACK and isinstance(before, Literal) and before.value.endswith(_LOGS_OF_LAMBDA):
            return Text.of(*arn.parts[:number], ANY, *arn.parts[number + 1 :])
    return None


@dataclass(frozen=True)
class Comparable:
    """How the texts of one project are compared."""

    project: Project
    catalog: Catalog
    overlay: Mapping[Path, str] = field(default_factory=dict)
    """Texts in the place of the files', as the project was loaded with them."""

    @cached_property
    def scope(self) -> Scope:
        """The project's scope, with parameters at their defaults."""
        of = Scope.of(self.project)
        return Scope(of.parameters, of.mappings, of.conditions, self.project.region, of.account, defaults=True)

    def lines(self, file: str) -> tuple[str, ...]:
        """The lines of one of the project's files."""
        if file not in self._lines:
            path = Path(self.project.root) / file
            try:
                text = self.overlay[path] if path in self.overlay else path.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                text = ""
            self._lines[file] = tuple(text.splitlines())
        return self._lines[file]

    @cached_property
    def _lines(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _declared(self) -> Declared:
        return declared_of(self.project, self.catalog)

    def said(self, id: str) -> tuple[Text, ...]:
        """The ways to say a declared resource's ARN by its names."""
        own = self._declared.by_id.get(id)
        return tuple(map(self.placed, own.said)) if own is not None else ()

    def needs(self, arn: Text) -> tuple[Text, ...]:
        """The forms of a needed ARN, those by name first."""
        if arn not in self._needed:
            found = reversed([*self._any_stack(arn), *self._forms(arn), *self._streams(arn), *self._at_home(arn)])
            self._needed[arn] = tuple(dict.fromkeys(found))
        return self._needed[arn]

    @cached_property
    def _needed(self) -> dict[Text, tuple[Text, ...]]:
        """Functions and roles name the same resources: the forms of each are worked out once."""
        return {}

    def _any_stack(self, arn: Text) -> Iterator[Text]:
        """The log group of a function whatever the stack is called."""
        opened = without_stack(arn)
        if opened is not None:
            yield self.placed(opened)

    def _at_home(self, arn: Text) -> Iterator[Text]:
        """A resource where the code names a region and nobody says where the stack deploys: it may be there."""
        fields = split(arn, ":", 5)
        if len(fields) < 6 or not fields[3].literal or self.says_region:
            return
        yield from self._forms(Text.of(*_between(":", (*fields[:3], Text.of(self.project.region), *fields[4:]))))

    @cached_property
    def says_region(self) -> bool:
        """Whether the project or the user says where the stack deploys."""
        return self.project.given_region is not None or self.project.provider.get("region") is not None

    def _is_declared(self, id: str) -> bool:
        return id in self._declared.by_id

    def _streams(self, arn: Text) -> Iterator[Text]:
        """The stream of a declared table by the table's names: only a pattern knows its label."""
        match arn.parts:
            case (Att(id, "StreamArn"),) if id in self._declared.by_id:
                own = self._declared.by_id[id]
                tables = own.said if own.arn is None else (*own.said, own.arn)
                yield from (self.placed(Text.of(table, "/stream/", ANY)) for table in tables)

    def declares(self, tree: Tree) -> tuple[Text, ...]:
        """The forms of a resource that a statement names, that which is written first."""
        text = to_text(tree, self._own_scope)
        if text not in self._written:
            self._written[text] = self._ways(text)
        return self._written[text]

    @cached_property
    def _written(self) -> dict[Text, tuple[Text, ...]]:
        return {}

    @cached_property
    def _own_scope(self) -> Scope:
        return Scope.of(self.project)

    def _ways(self, text: Text) -> tuple[Text, ...]:
        settled = self._declared.settle(text, "") if text.parts else text
        named = self._by_function_names(text)
        found = tuple(form for one in dict.fromkeys((text, settled, named)) for form in self._forms(one))
        ids = [part.id for part in text.parts if isinstance(part, Ref | Att)]
        if len(text.parts) == 1 and ids and self._type_of(ids[0]) == "AWS::SecretsManager::Secret":
            found += tuple(Text.of(one, SECRET_SUFFIX) for one in found if one != text)  # the ARN ends in six more
        if ids and text.parts == (Att(ids[0], "Arn"),) and self._type_of(ids[0]) == _LOG_GROUP:
            found += tuple(Text.of(one, ":*") for one in found)
        found += tuple(there for one in found if (there := self._in_our_region(one)) is not None)
        return tuple(dict.fromkeys(found))

    def canonical(self, tree: Tree) -> Text:
        """One form of a resource for all ways to write it: by its name where that is known, else by what names it."""
        text = to_text(tree, self._own_scope)
        settled = self._declared.settle(text, "") if text.parts else text
        forms = dict.fromkeys(form for one in (settled, text) for form in self._forms(one))

        def openness(form: Text) -> tuple[bool, int]:
            unnamed = bool(form.parts) and not isinstance(form.parts[0], Literal)
            return unnamed, sum(not isinstance(part, Literal) for part in form.parts)

        return min(forms, key=openness)

    def _in_our_region(self, arn: Text) -> Text | None:
        """A statement's ARN in the region that is assumed, where it names one and nobody says where the stack deploys:
        the statement tells better than the assumption."""
        fields = split(arn, ":", 5)
        if self.says_region or len(fields) < 6 or fields[3].literal in (None, "", "*", self.project.region):
            return None
        return Text.of(*_between(":", (*fields[:3], Text.of(self.project.region), *fields[4:])))

    @cached_property
    def _function_names(self) -> dict[Part, Text]:
        """What ``Ref`` of a function returns: its name, which CloudFormation makes where nobody gives one."""
        return {Ref(function.logical_id): function.name for function in self.project.functions}

    def _by_function_names(self, text: Text) -> Text:
        """A text with the names of functions in place of references to them: a log group is often named so."""
        return text.replace(lambda part: self._function_names.get(part, part))

    def _type_of(self, id: str) -> str:
        return self._declared.by_id[id].type if id in self._declared.by_id else ""

    def _forms(self, arn: Text) -> Iterator[Text]:
        yield self.placed(arn)
        for own, rest in self._named.of(arn):
            for said in (*own.said, *own.known_as):
                whole = Text.of(said, rest)
                yield from (self.placed(one) for one in dict.fromkeys((whole, self._by_function_names(whole))))
        yield from self._qualified(arn)

    def _qualified(self, arn: Text) -> Iterator[Text]:
        """An alias or a version of a declared function by that function's ARN: ``Ref`` returns the qualified one
        (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html)."""
        if not arn.parts or not isinstance(first := arn.parts[0], Ref):
            return
        resource = self.project.resource(first.id)
        if resource is None or resource.type not in _QUALIFIED:
            return
        of = to_text(resource.properties.get("FunctionName"), Scope.of(self.project))
        name = resource.properties.get("Name") if resource.type == _QUALIFIED[0] else None
        qualifier = Text.of(ANY) if name is None else to_text(name, Scope.of(self.project))
        match of.parts:
            case (Ref(id) | Att(id, "Arn"),) if self._is_declared(id):
                own = self._declared.by_id[id]
                for said in (*own.said, Text.of(Att(id, "Arn"))):
                    yield self.placed(Text.of(said, ":", qualifier, *arn.parts[1:]))

    @cached_property
    def _named(self) -> Prefixes[Own]:
        """The project's resources by their ARNs."""
        found: Prefixes[Own] = Prefixes()
        for own in self._declared.by_id.values():
            if own.arn:
                found.add(own.arn, own)
        return found

    def placed(self, text: Text) -> Text:
        """A text with what the deployment fills in."""
        filled = with_defaults(text, self.scope).replace(self._given)
        return as_symbols(filled if self.project.account is not None else filled.replace(_in_our_account))

    def _given(self, part: Part) -> str | Part:
        """What the deployment gives for a pseudo parameter."""
        if not isinstance(part, Pseudo):
            return part
        match part.name:
            case "AWS::Partition":
                return self.project.partition or "aws"
            case "AWS::AccountId":
                return self.project.account or ACCOUNT
            case "AWS::Region":
                return self.project.region
            case "AWS::URLSuffix":
                return "amazonaws.com"
            case _:
                return part


def _in_our_account(part: Part) -> str | Part:
    """A text of which the account is the one that stands for the deployment's."""
    if not isinstance(part, Literal) or _OTHER_ACCOUNT.search(part.value) is None:
        return part
    return _OTHER_ACCOUNT.sub(rf"\g<1>{ACCOUNT}", part.value)


def _between(separator: str, pieces: Sequence[Text]) -> Iterator[Text | str]:
    for number, piece in enumerate(pieces):
        if number:
            yield separator
        yield piece


def at_home(form: Text, project: Project) -> Text:
    """A resource with the deployment's region and account where it has a wildcard in their place: nobody's mistake."""
    first = form.parts[0] if form.parts else None
    arn = parse_arn(first.value) if isinstance(first, Literal) else None
    if arn is None:
        return form
    region = project.region if arn.region == "*" else arn.region
    account = (project.account or ACCOUNT) if arn.account == "*" else arn.account
    return Text.of(str(arn._replace(region=region, account=account)), *form.parts[1:])


def texts(tree: Tree) -> Iterator[Tree]:
    """The items of a value that may be one or a list of them."""
    if isinstance(tree, list | tuple):
        yield from tree
    elif tree is not None:
        yield tree
