"""One function as HTML: a line to find it by, and below it what it needs, what changes, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.report.findings import badge, reference
from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import Change, Comparison, FunctionPart, Kind, Needed, Objection, Reason

_SHOWN = 3
"""Reasons of a row that are shown at once; the others are folded."""
_NAMES = 12
"""Names of one kind that are shown in a row."""
_CLASSES = {
    Kind.GONE: "gone",
    Kind.NARROWED: "narrowed",
    Kind.ADDED: "added",
    Kind.UNCHANGED: "same",
    Kind.KEPT: "kept",
}
_NOTHING = "Its code calls nothing that needs a permission."
_ORIGINS = {"code": "code", "config": "setting", "hint": "hint"}


def function(one: FunctionPart, id: str, problems: Sequence[Objection], prefix: str) -> Html:
    """A function; ``prefix`` begins the ids of the project's problems."""
    own = [(number, problems[number]) for number in one.objections]
    return el(
        "details",
        {"class": "function", "id": id},
        el("summary", {}, el("span", {"class": "name"}, one.key), el("code", {}, one.handler), _badges(one, own)),
        el(
            "div",
            {"class": "body"},
            el("dl", {"class": "facts"}, _facts(one)),
            el("h4", {}, "Needed, and why"),
            _table_of_needs(one.needed, _NOTHING if one.coverage == "whole" else "Nothing was found in what was read."),
            *_assumed(one),
            el("h4", {}, "Before and after"),
            _comparison(one.comparison),
            *_findings(own, prefix),
            *_not_known(one),
            el("h4", {}, "Policy"),
            _policy(one),
        ),
    )  # fmt: skip


def _badges(one: FunctionPart, own: Sequence[tuple[int, Objection]]) -> Html:
    counted = [(severity, sum(problem.severity == severity for _, problem in own)) for severity in ("error", "warning")]
    wide = one.comparison
    open_ = len(one.unresolved) + len(one.possible)
    return el(
        "span",
        {"class": "badges"},
        [badge(severity, f"{number} {severity}{'s' if number > 1 else ''}") for severity, number in counted if number],
        badge("wide", f"wildcards {wide.wide_before} → {wide.wide_after}")
        if wide.wide_before or wide.wide_after
        else None,
        badge("open", f"{open_} open") if open_ else None,
        badge("open", f"code seen {one.coverage}" if one.coverage == "partly" else "code not seen")
        if one.not_seen
        else None,
    )


def _facts(one: FunctionPart) -> Iterator[Html]:
    for name, value in (("runtime", one.runtime), ("role", one.role)):
        if value:
            yield el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value)))
    if one.events:
        yield el("div", {}, el("dt", {}, "events"), el("dd", {}, [el("code", {}, event) for event in one.events]))


def _table_of_needs(rows: Sequence[Needed], nothing: str) -> Html:
    if not rows:
        return el("p", {"class": "none"}, nothing)
    return table(("Actions", "Resources", "Why"), (_need(row) for row in rows), "needs")


def _need(row: Needed) -> Html:
    resources = [
        el("li", {}, el("code", {}, arn), certainty(known) if known != "resolved" else None)
        for arn, known in row.resources
    ]
    return el(
        "tr",
        {"class": f"from-{_ORIGINS[row.origin]}"},
        el("td", {}, codes(row.actions)),
        el("td", {}, el("ul", {}, resources, [el("li", {"class": "note"}, said) for said in row.conditions])),
        el("td", {}, _why(row)),
    )


def certainty(known: str) -> Html:
    """How much of a resource's name is known, where not all of it is."""
    return badge("open" if known == "unknown" else "pattern", "not known" if known == "unknown" else "pattern")


def _why(row: Needed) -> list[Child]:
    shown, folded = row.reasons[:_SHOWN], row.reasons[_SHOWN:]
    return [
        el("ul", {}, map(_reason, shown)),
        el("details", {}, el("summary", {}, f"{len(folded)} more"), el("ul", {}, map(_reason, folded)))
        if folded
        else None,
        el("ul", {"class": "note"}, [el("li", {}, said) for said in row.notes]) if row.notes else None,
    ]


def _reason(one: Reason) -> Html:
    steps = [el("li", {"class": f"step{min(depth, 4)}"}, said) for depth, said in one.steps]
    return el("li", {}, one.what, el("ul", {"class": "steps"}, steps) if steps else None)


def _assumed(one: FunctionPart) -> Iterator[Html]:
    for role, rows in one.assumed:
        yield el("h4", {}, "Needed of the role ", el("code", {}, role), ", whose credentials it uses")
        yield _table_of_needs(rows, "Nothing.")


def _comparison(one: Comparison) -> list[Child]:
    return [
        el("p", {"class": "note"}, one.note) if one.note else None,
        table(("What", "Actions", "Resources", "Instead, or why", "Declared"), map(_change, one.changes), "changes")
        if one.changes
        else None,
    ]


def _change(one: Change) -> Html:
    by = "" if one.by == "project" else f"by {'the framework' if one.by == 'framework' else one.by}" if one.by else ""
    where = one.where if one.kind is not Kind.ADDED else f"needed at {one.where}"
    return el(
        "tr",
        {"class": _CLASSES[one.kind]},
        el("th", {"scope": "row"}, one.kind.value),
        el("td", {}, codes(one.actions)),
        el("td", {}, codes(one.resources)),
        el("td", {}, codes(one.instead) if one.instead else one.note),
        el("td", {}, " ".join(said for said in (where, by) if said)),
    )


def _findings(own: Sequence[tuple[int, Objection]], prefix: str) -> Iterator[Html]:
    if own:
        yield el("h4", {}, "Findings")
        yield el("ul", {"class": "references"}, [reference(problem, f"{prefix}{number}") for number, problem in own])


def _not_known(one: FunctionPart) -> Iterator[Html]:
    groups = (
        ("Unresolved", one.unresolved),
        ("Possible calls, never granted", one.possible),
        ("Code that was not seen", one.not_seen),
        ("Left out by a hint", one.ignored),
    )
    if any(said for _, said in groups):
        yield el("h4", {}, "Not known")
        yield el(
            "dl",
            {"class": "open"},
            [
                [el("dt", {}, name), [el("dd", {}, line) for line in said]]
                for name, said in groups
                if said
            ],
        )  # fmt: skip


def _policy(one: FunctionPart) -> Html:
    # It scrolls by itself, so that the keyboard must come there.
    attributes: dict[str, str | int | bool] = {
        "class": "policy",
        "tabindex": 0,
        "role": "region",
        "aria-label": f"Policy of {one.key}",
    }
    return el("pre", attributes, el("code", {}, one.policy))


def codes(items: Sequence[str]) -> Html:
    """Names one a line; where there are very many, the others are counted."""
    shown = items[:_NAMES] if len(items) > _NAMES + 1 else items
    more = el("li", {"class": "note"}, f"and {len(items) - len(shown)} more") if len(shown) < len(items) else None
    return el("ul", {}, [el("li", {}, el("code", {}, item)) for item in shown], more)
