"""Tokens in results: what a later call hands back instead of naming the resource again.

A shard iterator is of its stream, a query of its workgroup, an execution of its state machine. The later call's
arguments get the names with a ``$`` before them (``$StreamName``), for the catalog's ``resource_parameters.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.machine import Native
from scopedown.calls.values import Const, Value, join, options
from scopedown.core.text import Text


@dataclass(frozen=True, slots=True)
class _Kind:
    """The result's member that is a token, what of the arguments it stands for, and defaults where they are absent."""

    member: str
    names: tuple[str, ...]
    defaults: Mapping[str, str]


_CONFIGURATION = ("ApplicationIdentifier", "EnvironmentIdentifier", "ConfigurationProfileIdentifier")
_KINDS: Mapping[tuple[str, str], _Kind] = {
    ("appconfigdata", "StartConfigurationSession"): _Kind("InitialConfigurationToken", _CONFIGURATION, {}),
    ("athena", "StartQueryExecution"): _Kind("QueryExecutionId", ("WorkGroup",), {"WorkGroup": "primary"}),
    ("dynamodbstreams", "GetShardIterator"): _Kind("ShardIterator", ("StreamArn",), {}),
    ("kinesis", "GetShardIterator"): _Kind("ShardIterator", ("StreamName", "StreamARN"), {}),
    ("logs", "StartQuery"): _Kind("queryId", ("logGroupName", "logGroupNames", "logGroupIdentifiers"), {}),
    ("stepfunctions", "StartExecution"): _Kind("executionArn", ("stateMachineArn",), {}),
}
"""Sources: the operations' pages in each service's API reference; athena: a query belongs to its workgroup, without one
to ``primary`` (https://docs.aws.amazon.com/athena/latest/ug/workgroups.html)."""

_RENEWED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("appconfigdata", "GetLatestConfiguration"): ("ConfigurationToken", "NextPollConfigurationToken"),
    ("dynamodbstreams", "GetRecords"): ("ShardIterator", "NextShardIterator"),
    ("kinesis", "GetRecords"): ("ShardIterator", "NextShardIterator"),
}
"""The token that comes back for the one that was given: (parameter, the result's member)."""


_RETURNED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("dynamodb", "BatchGetItem"): ("RequestItems", "UnprocessedKeys"),
    ("dynamodb", "BatchWriteItem"): ("RequestItems", "UnprocessedItems"),
}
"""What was not done comes back in the form in which it was asked: (parameter, the result's member)."""


@dataclass(frozen=True, slots=True, eq=False)
class Token(Native):
    """A token with the arguments that its resource was named by."""

    label = "{self.reason}"
    of: Mapping[str, Value]
    reason: str

    def as_text(self) -> Text | None:
        """Unknown: the service makes it."""
        return Text.unknown(self.reason)


def tokens(service: str, operation: str, arguments: Mapping[str, Value]) -> dict[str, Value]:
    """The members of a result that are tokens, or that give an argument back."""
    returned = _RETURNED.get((service, operation))
    if returned is not None:
        asked = arguments.get(returned[0])
        return {returned[1]: asked} if asked is not None else {}
    renewed = _RENEWED.get((service, operation))
    if renewed is not None:
        given = arguments.get(renewed[0])
        return {renewed[1]: given} if isinstance(given, Token) else {}
    kind = _KINDS.get((service, operation))
    if kind is None:
        return {}
    of = {name: value for name in kind.names if (value := arguments.get(name)) is not None}
    if not of and "*" not in arguments:
        of = {name: Const(text) for name, text in kind.defaults.items()}
    return {kind.member: Token(of, f"result of {service}.{operation}")} if of else {}


def of_token(arguments: Mapping[str, Value]) -> dict[str, Value]:
    """What a token stands for that a library asked for with these arguments, as arguments of the later call."""
    return {f"${name}": value for name, value in arguments.items()}


def with_origins(arguments: Mapping[str, Value]) -> dict[str, Value]:
    """A call's arguments with what its tokens stand for, where each value of a parameter is such a token."""
    found = dict(arguments)
    for value in arguments.values():
        each = options(value)
        if not all(isinstance(one, Token) for one in each):
            continue
        named: dict[str, list[Value]] = {}
        for one in each:
            for name, origin in one.of.items() if isinstance(one, Token) else ():
                named.setdefault(f"${name}", []).append(origin)
        found.update({name: join(*values) for name, values in named.items()})
    return found
