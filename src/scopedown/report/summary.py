"""What stands above the projects: the heading, the bar of filters, and the figures of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scopedown.emit.lines import count
from scopedown.report.markup import Html, el
from scopedown.report.model import Objection, Page, ProjectPart

_WIDE = (
    "A wildcard grant is a right that a function has on many actions (dynamodb:*), or on a resource of which no name "
    "is said (*, table/*). After: under the policies of this page, with what cannot be judged."
)


def title_of(told: Page) -> str:
    """What the page is about, in a word or two."""
    return told.projects[0].title if len(told.projects) == 1 else f"{len(told.projects)} projects"


def header(told: Page) -> Html:
    """The heading."""
    return el(
        "header",
        {"class": "top"},
        el("h1", {}, title_of(told)),
        el("p", {}, "What every function calls and needs, why, and what its role allows beside that."),
        el("p", {"class": "note"}, f"scopedown {told.version}"),
    )


def bar(told: Page) -> Html:
    """Filter, choice of project, theme: shown by the script that makes them work."""
    several = len(told.projects) > 1
    options = [el("option", {"value": number}, name_of(one)) for number, one in enumerate(told.projects)]
    shown = (
        ("all", "all functions"), ("findings", "with findings"), ("errors", "that will be denied something"),
        ("wide", "with wildcards"), ("open", "with open questions"),
    )  # fmt: skip
    return el(
        "div",
        {"class": "bar", "id": "bar", "hidden": True, "role": "search"},
        el("label", {"hidden": not several}, "Project ", el("select", {"id": "project"}, options)),
        el(
            "label", {}, "Filter ",
            el("input", {"id": "filter", "type": "search", "autocomplete": "off", "spellcheck": "false",
                         "placeholder": "name, action, resource   ( / )"}),
        ),
        el("label", {}, "Show ", el("select", {"id": "show"}, [el("option", {"value": v}, said) for v, said in shown])),
        el("output", {"id": "shown", "for": "filter show", "aria-live": "polite"}),
        el("button", {"id": "theme", "type": "button"}, "Dark"),
    )  # fmt: skip


def name_of(one: ProjectPart) -> str:
    """A project in a list of them: its file and its title."""
    where = dict(one.facts).get("project", "")
    return f"{where} ({one.title})" if one.title != where else where


def summary(told: Page) -> Html:
    """The figures of all projects, and which could not be read."""
    functions = [function for project in told.projects for function in project.functions]
    before = sum(function.comparison.wide_before for function in functions)
    after = sum(function.comparison.wide_after for function in functions)
    problems = [problem for project in told.projects for problem in project.problems]
    open_ = sum(len(function.unresolved) + len(function.possible) for function in functions)
    cards = [
        ("functions", str(len(functions)), ""),
        ("wildcard grants, before → after", f"{before} → {after}", "wide" if before else ""),
        *_by_severity(problems),
        ("open questions", str(open_), "open" if open_ else ""),
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
        el(
            "p",
            {"class": "note"},
            _WIDE,
        ),
        el("noscript", {}, el("p", {}, "The filter and the graph need JavaScript; everything is in the tables below.")),
        _not_read(told),
    )  # fmt: skip


def _not_read(told: Page) -> Html | None:
    if not told.not_read:
        return None
    return el(
        "details",
        {"class": "plain"},
        el("summary", {}, f"{count(len(told.not_read), 'project')} could not be read"),
        el("ul", {}, [el("li", {}, said) for said in told.not_read]),
    )


def _by_severity(problems: Sequence[Objection]) -> Iterator[tuple[str, str, str]]:
    for severity in ("error", "warning", "note"):
        number = severities(problems, severity)
        yield f"{severity}s", str(number), severity if number else ""


def severities(problems: Iterable[Objection], severity: str) -> int:
    """How many problems are of a severity."""
    return sum(problem.severity == severity for problem in problems)
