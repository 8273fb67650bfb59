"""What :class:`scopedown.observe.reading.records.Fold` does with a record, as one Ibis expression.

It has no access to JSON, which engines do differently, and silently so: each engine's reader delivers plain columns
(:data:`RECORDS`), and the expression gives the columns of the table ``used``, rows of coverage included. Nor does it
replace by a regular expression that refers to a group: engines write such references differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import ibis

from scopedown.observe.events import PRESENT
from scopedown.observe.model import JOINT, USED_COLUMNS
from scopedown.observe.reading import records as rules
from scopedown.observe.reading.wanted import Wanted

RECORDS = {
    "eventtime": "string", "eventcategory": "string", "eventsource": "string", "eventname": "string",
    "eventtype": "string", "awsregion": "string", "recipientaccountid": "string", "sharedeventid": "string",
    "errorcode": "string", "errormessage": "string", "identitytype": "string", "identityarn": "string",
    "identityaccount": "string", "invokedby": "string", "issuerarn": "string", "arns": "array<string>",
    "requestparameters": "map<string, string>",
}  # fmt: skip
"""The columns that a reader delivers, one row a record; what a record lacks is NULL. ``arns`` are the ARNs of
``resources``; ``requestparameters`` has each parameter's text, of a list or an object its JSON."""
HINTS = {"source": "string", "event": "string", "names": "array<string>"}
"""The table of the parameters that name what an event is about, by the event's name without a version."""

_VERSION = re.compile(rules.VERSION)

Hints = Callable[[str, str], tuple[str, ...]]


def used(records: Any, hints: Any, wanted: Wanted) -> Any:
    """The expression of the table ``used``, in no order, of tables with :data:`RECORDS` and :data:`HINTS`."""
    counted = _counted(records, wanted)
    return ibis.union(_covered(counted), _uses(_of_wanted(counted, wanted), hints, wanted))


def events(records: Any, wanted: Wanted) -> Any:
    """(source, event) of the principals' records, each once: what :func:`hint_rows` is asked for."""
    return _of_wanted(_counted(records, wanted), wanted).select("source", event="plainevent").distinct()


def hint_rows(pairs: Iterable[tuple[str, str]], hints: Hints) -> list[tuple[str, str, list[str]]]:
    """The rows of the table of hints, for the pairs that have any."""
    return [(*pair, list(names)) for pair in pairs if (names := hints(*pair))]


def plain_event(event: str) -> str:
    """An event's name without the API's version."""
    return _VERSION.sub("", event)


def _counted(records: Any, wanted: Wanted) -> Any:
    """The records that count for coverage, NULL made empty."""
    plain = {name: records[name].fill_null("") for name, kind in RECORDS.items() if kind == "string"}
    table = records.select(arns=records.arns, requestparameters=records.requestparameters, **plain)
    table = table.mutate(
        category=(table.eventcategory == "").ifelse("Management", table.eventcategory),
        source=table.eventsource.re_replace(rules.SOURCE, ""),
    )
    is_time = (table.eventtime.length() == 20) & table.eventtime.re_search(rules.TIME)
    table = table.filter(is_time & table.category.isin(rules.CATEGORIES))
    if wanted.since:
        table = table.filter(table.eventtime >= wanted.since)
    return table.filter(table.eventtime < wanted.until) if wanted.until else table


def _covered(table: Any) -> Any:
    table = table.mutate(
        day=table.eventtime.substr(0, 10).concat("T00:00:00Z"),
        data=(table.category == "Data").ifelse(table.source, ""),
    )
    grouped = table.group_by("recipientaccountid", "awsregion", "day", "category", "data").aggregate(
        number=ibis._.count()
    )
    cells = dict.fromkeys(USED_COLUMNS, ibis.literal("")) | {
        "account": grouped.recipientaccountid, "region": grouped.awsregion, "category": grouped.category,
        "source": grouped.data, "first": grouped.day, "last": grouped.day, "count": grouped.number.cast("int64"),
        "denied": ibis.literal(0, "int64"),
    }  # fmt: skip
    return grouped.select(**cells)


def _of_wanted(table: Any, wanted: Wanted) -> Any:
    """The records of the principals that are asked for, those of another account's left out."""
    principal = ibis.cases(
        (table.issuerarn != "", table.issuerarn), (table.identityarn != "", table.identityarn), else_=table.invokedby
    )
    start, middle, name = (_first(principal, rules.ROLE, group) for group in (1, 2, 3))
    principal = (start == "").ifelse(principal, start.concat("iam", middle, "role", name))
    elsewhere = (
        (table.sharedeventid != "") & (table.identityaccount != "") & (table.recipientaccountid != "")
        & (table.identityaccount != table.recipientaccountid)
    )  # fmt: skip
    return table.mutate(principal=principal, plainevent=table.eventname.re_replace(rules.VERSION, "")).filter(
        lambda one: (
            one.eventtype.isin(rules.KINDS_OF_EVENTS)
            & one.principal.re_search(wanted.principal_expression)
            & ~elsewhere
        )
    )


def _uses(table: Any, hints: Any, wanted: Wanted) -> Any:
    is_denied = table.errorcode.re_search(rules.DENIALS)
    session = _first(table.identityarn, rules.SESSION)
    is_asked = (session != "") & session.re_search(wanted.session_expression)
    message = is_denied.ifelse(table.errormessage, "")
    named = table.left_join(hints, (table.source == hints.source) & (table.plainevent == hints.event)).select(
        account=table.recipientaccountid, region=table.awsregion, principal=table.principal, kind=table.identitytype,
        via=(table.identitytype == "AWSService").ifelse("", table.invokedby), session=is_asked.ifelse(session, ""),
        source=table.source, event=table.eventname, category=table.category, message=message, arns=table.arns,
        time=table.eventtime, is_denied=is_denied.ifelse(1, 0).cast("int64"),
        hint=_hint(table.source, table.requestparameters, hints.names),
    )  # fmt: skip
    listed = named.arns.fill_null(ibis.literal([], "array<string>")).filter(lambda arn: arn != "").map(_cut).unique()
    on = _cut(_first(named.message, rules.ON))
    said = named.mutate(
        denied_action=_first(named.message, rules.ACTION), denied_by=_first(named.message, rules.DENIED_BY),
        arns=((on != "") | (listed.length() == 0)).ifelse(ibis.array([on]), listed),
    ).drop("message")  # fmt: skip
    each = said.mutate(resource=said.arns.unnest()).drop("arns")
    return each.group_by(*USED_COLUMNS[:13]).aggregate(
        first=each.time.min(), last=each.time.max(), count=each.count().cast("int64"),
        denied=each.is_denied.sum().cast("int64"),
    ).select(*USED_COLUMNS)  # fmt: skip


def _hint(source: Any, parameters: Any, names: Any) -> Any:
    def given(name: Any) -> Any:
        plain = name.replace(PRESENT, "")
        member = _first(plain, r"\.(.+)$")
        whole = parameters.get(_first(plain, r"^([^.]+)"), "").fill_null("")
        at = whole.find(ibis.literal('"').concat(member, '":'))
        within = (at < 0).ifelse("", _first(whole.substr(at + member.length() + 3), rules.WITHIN))
        return ibis.struct({"name": name, "given": (member == "").ifelse(whole, within)})

    def part(one: Any) -> Any:
        name, text = one["name"], one["given"]
        value = ibis.cases(
            (text == "", ""),
            (name.endswith(PRESENT), text.isin(rules.ABSENT).ifelse("", "*")),
            ((source == "s3") & (name == "key"), _first(text, rules.KEY).concat("*")),
            ((source == "s3") & (name == rules.COPY_SOURCE), _copied(text)),
            (text.substr(0, 1).isin(("[", "{")), _first(text, rules.FIRST_NAME)),
            else_=text,
        )
        return ibis.struct({"name": name.replace(PRESENT, ""), "value": value})

    def shown(one: Any) -> Any:
        value = one["value"]
        return (value == "").ifelse("", one["name"].concat("=", value.replace("%", "%25").replace(JOINT, "%26")))

    # Each step's values are named for the next one: repeated, they would make the query longer than Athena takes.
    parts = names.fill_null(ibis.literal([], "array<string>")).map(given).map(part).map(shown)
    return parts.filter(lambda one: one != "").join(JOINT).fill_null("")


def _copied(given: Any) -> Any:
    folder = _first(given, rules.COPIED)
    return (folder == "").ifelse("", folder.concat("*", _first(given, rules.COPIED_VERSION)))


def _cut(arn: Any) -> Any:
    folder = _first(arn, rules.OBJECT)
    return (folder == "").ifelse(arn, folder.concat("*"))


def _first(value: Any, expression: str, group: int = 1) -> Any:
    """The first group of a match; empty without one (engines differ in that)."""
    return value.re_extract(expression, group).fill_null("")
