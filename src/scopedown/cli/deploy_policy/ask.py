"""``scopedown deploy-policy --ask``: the questions, on a terminal or with piped answers, one a line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from scopedown.cli.settings.table import COMPILERS
from scopedown.core.finding import ScopedownError

if TYPE_CHECKING:
    from scopedown.cli.projects import Request
    from scopedown.deploy.questions import Question
    from scopedown.project.model import Project

_FRAMEWORK = "osls"
"""Which framework is taken where none is named: what it calls is measured, and serverless 3 calls almost the same."""


def asked_answers(request: Request) -> dict[str, str | bool]:
    """The answers; what an option says is not asked for. Ends the command with exit code 1 where the answers end."""
    from scopedown.deploy.questions import QUESTIONS

    answers: dict[str, str | bool] = {}
    for question in QUESTIONS:
        given = getattr(request, question.key, None)
        if isinstance(given, str):
            answers[question.key] = _checked(question, given, f"--{question.key}")
        elif question.after and not answers[question.after]:
            answers[question.key] = False
        else:
            answers[question.key] = _ask(question)
    return answers


def asked(request: Request, answers: dict[str, str | bool]) -> tuple[Project, str]:
    """The project of the answers, and the framework whose commands deploy it."""
    from scopedown.deploy.questions import asked_project

    framework = request.framework or _FRAMEWORK
    if framework not in COMPILERS:
        raise ScopedownError(
            f"the questions describe a service of the Serverless Framework, not of {framework}",
            remedy=f"--framework {' or '.join(COMPILERS)}",
        )
    if request.paths or request.compiled or request.run_framework or request.recursive:
        raise ScopedownError("--ask works without a project", remedy="remove PATH and its options")
    base = f"{answers['service']}-{answers['stage']}"
    click.echo(f"note: assumes that all resources of the service have names that begin with {base}-", err=True)
    return asked_project(answers, framework), framework


def _ask(question: Question) -> str | bool:
    """Ask until an answer can be taken; a piped one is shown, and not asked for again. Prompts go to stderr."""
    from scopedown.deploy.questions import answered

    default = question.default
    shown = ("Y/n" if default else "y/N") if isinstance(default, bool) else default
    while True:
        click.echo(f"{question.text}{f' [{shown}]' if shown else ''}: ", nl=False, err=True)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            click.echo(f"\nscopedown: the answers ended at {question.text!r}; nothing was written", err=True)
            click.get_current_context().exit(1)
        if not sys.stdin.isatty():  # a terminal shows what is typed, and the line's end
            click.echo(line.strip(), err=True)
        found = answered(question, line)
        if found is not None:
            return found
        if not sys.stdin.isatty():
            _refuse(question, line.strip(), question.text)
        click.echo(f"  {_hint(question)}", err=True)


def _checked(question: Question, given: str, option: str) -> str | bool:
    from scopedown.deploy.questions import answered

    found = answered(question, given)
    if found is None:
        _refuse(question, given, option)
        raise AssertionError
    return found


def _refuse(question: Question, given: str, where: str) -> None:
    raise ScopedownError(f"{given!r} does not answer {where!r}", remedy=_hint(question))


def _hint(question: Question) -> str:
    return "answer y or n" if isinstance(question.default, bool) else f"write {question.hint}"
