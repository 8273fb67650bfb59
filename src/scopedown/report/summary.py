"""What is above the projects: the heading, the bar of filters, and the figures of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.core.words import count
from scopedown.report.markup import Html, el
from scopedown.report.model import Objection, Page
from scopedown.report.tables import SEVERITIES, name_of, severities, unresolved, wildcards

_WIDE = (
    "A wildcard grant allows many actions (dynamodb:*), or does not name its resource (*, table/*). The second number "
    "is what remains with the policies on this page, including statements that scopedown keeps because it cannot judge "
    "them."
)
_SHOWN = (
    ("all", "all functions"), ("findings", "with findings"), ("errors", "with errors"),
    ("wide", "with wildcard grants"), ("open", "not fully resolved"),
)  # fmt: skip


def title_of(report: Page) -> str:
    """What the page is about, in a word or two."""
    return report.projects[0].title if len(report.projects) == 1 else f"{len(report.projects)} projects"


def header(report: Page) -> Html:
    """The heading."""
    return el(
        "header",
        {"class": "top"},
        el("h1", {}, title_of(report)),
        el("p", {}, "What each function calls, which permissions it needs and why, and what its role allows today."),
        el("p", {"class": "note"}, f"scopedown {report.version}"),
    )


def bar(report: Page) -> Html:
    """Filter, choice of project, theme: shown by the script that makes them work."""
    several = len(report.projects) > 1
    names = sorted((name_of(one), number) for number, one in enumerate(report.projects))
    options = [el("option", {"value": number}, name) for name, number in names]
    return el(
        "div",
        {"class": "bar", "id": "bar", "hidden": True, "role": "search"},
        el("label", {"hidden": not several}, "Project ", el("select", {"id": "project"}, options)),
        el(
            "label", {}, "Filter ",
            el("input", {"id": "filter", "type": "search", "autocomplete": "off", "spellcheck": "false",
                         "placeholder": "name, action or resource ( / )"}),
        ),
        el(
            "label", {}, "Show ",
            el("select", {"id": "show"}, [el("option", {"value": value}, said) for value, said in _SHOWN]),
        ),
        el("output", {"id": "shown", "for": "filter show", "aria-live": "polite"}),
        el("button", {"id": "theme", "type": "button"}, "Dark"),
    )  # fmt: skip


def summary(report: Page) -> Html:
    """The figures of all projects, and which could not be read."""
    functions = [function for project in report.projects for function in project.functions]
    grants = [wildcards(project) for project in report.projects]
    before, after = sum(one for one, _ in grants), sum(one for _, one in grants)
    problems = [problem for project in report.projects for problem in project.problems]
    open_ = sum(map(unresolved, functions))
    cards = [
        ("functions", str(len(functions)), ""),
        *_by_severity(problems),
        ("wildcard grants, today → needed", f"{before} → {after}", "wide" if before else ""),
        ("unresolved names and calls", str(open_), "open" if open_ else ""),
    ]
    return el(
        "section",
        {"aria-labelledby": "summary"},
        el("h2", {"id": "summary"}, "Summary"),
        el(
            "dl",
            {"class": "cards"},
            [el("div", {"class": kind}, el("dt", {}, name), el("dd", {}, value)) for name, value, kind in cards],
        ),
        el("p", {"class": "note"}, _WIDE),
        el("noscript", {}, el("p", {}, "The filter, the graph and the buttons need JavaScript. The tables do not.")),
        _not_read(report),
    )  # fmt: skip


def _not_read(report: Page) -> Html | None:
    if not report.not_read:
        return None
    return el(
        "details",
        {"class": "plain"},
        el("summary", {}, f"{count(len(report.not_read), 'project')} could not be read"),
        el("ul", {}, [el("li", {}, said) for said in report.not_read]),
    )


def _by_severity(problems: Sequence[Objection]) -> Iterator[tuple[str, str, str]]:
    for severity in SEVERITIES:
        number = severities(problems, severity)
        yield f"{severity}s", str(number), severity if number else ""
