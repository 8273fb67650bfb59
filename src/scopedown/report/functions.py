"""One function as HTML: a line to find it by, and below it what it needs, what changes, and what is not resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.report.findings import Placed, Said, badge, first_found, in_list, placed
from scopedown.report.markup import Child, Html, el, table
from scopedown.report.model import NAMES, Change, Comparison, FunctionPart, Kind, Needed, Objection, Reason
from scopedown.report.tables import SEVERITIES, severities, unresolved

_SHOWN = 3
"""Reasons of a row that are shown at once; the others are folded."""
_PROBLEMS = 40
"""Problems of a function's role that are listed with it, beside those of its calls and of its role's statements."""
_CLASSES = {
    Kind.GONE: "gone",
    Kind.NARROWED: "narrowed",
    Kind.ADDED: "added",
    Kind.UNCHANGED: "same",
    Kind.KEPT: "kept",
}
_CHANGES = ("Change", "Actions", "Resources", "Replaced by, or reason", "Declared in")
_NOTHING = "Its code calls nothing that needs a permission."
_NOTHING_READ = "The code that scopedown read calls nothing that needs a permission."
_INCOMPLETE = (
    "scopedown did not read all code of this function. The policy may lack permissions: see “Not resolved” above."
)
_ORIGINS = {"code": "code", "config": "setting", "hint": "hint"}


def function(one: FunctionPart, id: str, problems: Sequence[Said]) -> Html:
    """A function; ``problems`` are those of the project."""
    own = sorted((problems[number] for number in one.objections), key=_severity)
    found = placed(one, own)
    return el(
        "details",
        {"class": "function", "id": id},
        el(
            "summary", {},
            el("span", {"class": "name"}, one.key), el("code", {}, one.handler),
            _badges(one, [said.problem for said in own]),
        ),
        el(
            "div",
            {"class": "body"},
            el("dl", {"class": "facts"}, _facts(one)),
            in_list(_first(found.others)),
            el("h4", {}, "What it needs, and why"),
            _table_of_needs(one.needed, _NOTHING if one.coverage == "whole" else _NOTHING_READ, found),
            *_assumed(one),
            el("h4", {}, "Its role today, and what changes"),
            _comparison(one.comparison, found),
            *_not_resolved(one),
            el("h4", {}, "Policy to paste"),
            el("p", {"class": "note"}, _INCOMPLETE) if one.not_seen else None,
            _policies(one),
        ),
    )  # fmt: skip


def _severity(one: Said) -> int:
    return SEVERITIES.index(one.problem.severity)


def _badges(one: FunctionPart, own: Sequence[Objection]) -> Html:
    counted = [(severity, severities(own, severity)) for severity in ("error", "warning")]
    wide = one.comparison
    open_ = unresolved(one)
    return el(
        "span",
        {"class": "badges"},
        [badge(severity, f"{number} {severity}{'s' if number > 1 else ''}") for severity, number in counted if number],
        badge("wide", f"wildcard grants {wide.wide_before} → {wide.wide_after}")
        if wide.wide_before or wide.wide_after
        else None,
        badge("open", f"{open_} unresolved") if open_ else None,
        badge("open", "code partly read" if one.coverage == "partly" else "code not read") if one.not_seen else None,
    )


def _facts(one: FunctionPart) -> Iterator[Html]:
    for name, value in (("runtime", one.runtime), ("role", one.role)):
        if value:
            yield el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value)))
    if one.events:
        yield el("div", {}, el("dt", {}, "events"), el("dd", {}, [el("code", {}, event) for event in one.events]))


def _table_of_needs(rows: Sequence[Needed], nothing: str, found: Placed) -> Html:
    if not rows:
        return el("p", {"class": "none"}, nothing)
    made = (_need(row, first_found(row, number, found)) for number, row in enumerate(rows))
    return table(("Actions", "Resources", "Why"), made, "needs")


def _need(row: Needed, reasons: Sequence[tuple[Reason, list[Html]]]) -> Html:
    resources = [
        el("li", {}, el("code", {}, arn), certainty(known) if known != "resolved" else None)
        for arn, known in row.resources
    ]
    return el(
        "tr",
        {"class": f"from-{_ORIGINS[row.origin]}"},
        el("td", {}, codes(row.actions)),
        el("td", {}, el("ul", {}, resources, [el("li", {"class": "note"}, said) for said in row.conditions])),
        el("td", {}, _why(row, reasons)),
    )


def certainty(known: str) -> Html:
    """How much of a resource's name is known, where not all of it is."""
    return badge("open" if known == "unknown" else "pattern", "unresolved" if known == "unknown" else "pattern")


def _why(row: Needed, reasons: Sequence[tuple[Reason, list[Html]]]) -> list[Child]:
    shown, folded = reasons[:_SHOWN], reasons[_SHOWN:]
    return [
        el("ul", {}, [_reason(*one) for one in shown]),
        el("details", {}, el("summary", {}, f"{len(folded)} more"), el("ul", {}, [_reason(*one) for one in folded]))
        if folded
        else None,
        el("p", {"class": "note"}, f"By the logs: {row.used}") if row.used else None,
        el("ul", {"class": "note"}, [el("li", {}, said) for said in row.notes]) if row.notes else None,
    ]


def _reason(one: Reason, problems: Sequence[Html]) -> Html:
    steps = [el("li", {"class": f"step{min(depth, 4)}"}, said) for depth, said in one.steps]
    return el("li", {}, one.what, el("ul", {"class": "steps"}, steps) if steps else None, in_list(problems))


def _assumed(one: FunctionPart) -> Iterator[Html]:
    for role, rows in one.assumed:
        yield el("h4", {}, "What it needs from the role ", el("code", {}, role), ", whose credentials it uses")
        yield _table_of_needs(rows, "Nothing.", Placed())


def _comparison(one: Comparison, found: Placed) -> list[Child]:
    rows = [_change(change, found.of_changes.get(number)) for number, change in enumerate(one.changes)]
    return [
        el("p", {"class": "note"}, one.note) if one.note else None,
        table(_CHANGES, rows, "changes") if rows else None,
    ]


def _change(one: Change, problems: Sequence[Html] | None) -> list[Html]:
    by = "" if one.by == "project" else f"by {'the framework' if one.by == 'framework' else one.by}" if one.by else ""
    where = one.where if one.kind is not Kind.ADDED else f"needed at {one.where}"
    row = el(
        "tr",
        {"class": _CLASSES[one.kind]},
        el("th", {"scope": "row"}, one.kind.value),
        el("td", {}, codes(one.actions)),
        el("td", {}, codes(one.resources, one.more)),
        el("td", {}, codes(one.instead) if one.instead else one.note),
        el("td", {}, " ".join(said for said in (where, by) if said)),
    )
    if not problems:
        return [row]
    return [row, el("tr", {"class": "of-row"}, el("td", {"colspan": len(_CHANGES)}, in_list(problems)))]


def _not_resolved(one: FunctionPart) -> Iterator[Html]:
    groups = (
        ("Names that are not resolved", one.unresolved),
        ("Possible calls (the policy does not allow them)", one.possible),
        ("Code that was not read", one.not_seen),
        ("Calls that a hint leaves out", one.ignored),
    )
    if any(said for _, said in groups):
        yield el("h4", {}, "Not resolved")
        yield el(
            "dl",
            {"class": "open"},
            [
                [el("dt", {}, name), [el("dd", {}, line) for line in said]]
                for name, said in groups
                if said
            ],
        )  # fmt: skip


def _policies(one: FunctionPart) -> Html:
    """The project's own form at once, the others folded; the page's script makes buttons of them."""
    own, *others = one.policies
    return el(
        "div",
        {"class": "policies"},
        el("div", {"class": "form", "data-form": own.form}, _policy(one.key, own.form, own.where, own.text)),
        [
            el(
                "details",
                {"class": "form", "data-form": other.form},
                el("summary", {}, other.form),
                _policy(one.key, other.form, other.where, other.text),
            )
            for other in others
        ],
    )


def _policy(key: str, form: str, where: str, text: str) -> list[Html]:
    # It scrolls by itself, so that the keyboard must come there.
    attributes: dict[str, str | int | bool] = {
        "class": "policy",
        "tabindex": 0,
        "role": "region",
        "aria-label": f"Policy of {key} as {form}",
    }
    return [el("p", {"class": "note"}, where), el("pre", attributes, el("code", {}, text))]


def _first(problems: Sequence[Html]) -> Sequence[Html]:
    """Problems, of very many the first: all functions of a role have the role's, which the findings list once."""
    if len(problems) <= _PROBLEMS + 1:
        return problems
    return [*problems[:_PROBLEMS], el("li", {"class": "note"}, f"and {len(problems) - _PROBLEMS} more under Findings")]


def codes(items: Sequence[str], more: int = 0) -> Html:
    """Names one a line; where there are very many, the others are counted, and ``more`` that are not given."""
    shown = items[:NAMES] if len(items) > NAMES + 1 else items
    left = len(items) - len(shown) + more
    said = el("li", {"class": "note"}, f"and {left} more") if left else None
    return el("ul", {}, [el("li", {}, el("code", {}, item)) for item in shown], said)
