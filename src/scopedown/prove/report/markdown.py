"""A proof as Markdown, for the description of a pull request, or a comment to one."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.core.finding import printable
from scopedown.emit.markdown_text import markdown_text
from scopedown.prove.model import Proof
from scopedown.prove.report.words import (
    denial_line,
    denied_on,
    function_result,
    holder_summary,
    rests_on,
    statement_name,
    step_result,
    use_result,
    verdict,
)


def markdown(proof: Proof) -> str:
    """The whole proof; long tables are folded."""
    return "\n".join(_lines(proof)) + "\n"


def _lines(proof: Proof) -> Iterator[str]:
    yield f"### {'❌' if not proof.proven else '✅' if proof.functions_proven else '⚠️'} {markdown_text(verdict(proof))}"
    yield ""
    if proof.failures:
        yield from (f"- {markdown_text(failure)}" for failure in proof.failures)
        remedies = dict.fromkeys(step.remedy for step in proof.steps if not step.ok and step.remedy)
        yield from (f"- to do: {markdown_text(remedy)}" for remedy in remedies)
        yield ""
    yield "| command | result |"
    yield "|---|---|"
    yield from (f"| {markdown_text(step.label)} | {markdown_text(step_result(step))} |" for step in proof.steps)
    yield ""
    if proof.functions:
        yield f"| function (under its {proof.function_policies} policy) | result |"
        yield "|---|---|"
        yield from (
            f"| {markdown_text(function.function)} | {markdown_text(function_result(function))} |"
            for function in proof.functions
        )
        yield ""
    counted = [denial for denial in proof.denials if not denial.harmless]
    if counted:
        yield "**Denied**"
        yield ""
        for group, remedy in denied_on(counted):
            yield f"- {markdown_text(group[0].holder)}, on {markdown_text(group[0].resource)}"
            yield from (f"  - {markdown_text(denial_line(denial))}" for denial in group)
            yield f"  - `{printable(remedy).replace('`', ' ')}`"
        yield ""
    if proof.unforeseen:
        yield "**Called but missing from the scan** (an error of scopedown, please report it)"
        yield ""
        yield from (
            f"- {markdown_text(f'{unforeseen.function}: {unforeseen.action} on {unforeseen.resource}')}"
            for unforeseen in proof.unforeseen
        )
        yield ""
    yield from (f"- {markdown_text(line)}" for line in holder_summary(proof))
    yield ""
    yield "<details><summary>Every statement</summary>"
    yield ""
    yield "| statement | action | result |"
    yield "|---|---|---|"
    for statement in proof.statements:
        for action in statement.actions:
            name = markdown_text(statement_name(statement))
            yield f"| {name} | {markdown_text(action.action)} | {markdown_text(use_result(action))} |"
    yield ""
    yield "</details>"
    yield ""
    yield markdown_text(rests_on(proof))
    for note in (*proof.presupposed, *proof.stand_ins, *proof.notes):
        yield f"- {markdown_text(note)}"
