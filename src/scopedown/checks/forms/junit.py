"""JUnit XML: a suite a project file, a case a problem; one that a gate objects to is a failure, another is skipped.

No schema is binding for this form; the elements are those of the Ant task that its readers (Jenkins, GitLab) know.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from scopedown.checks.model import titled
from scopedown.checks.results import Report, Result
from scopedown.core.finding import printable

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have (https://www.w3.org/TR/xml/#charsets)."""


def render(report: Report) -> str:
    """The document."""
    name = f"scopedown {report.command}"
    root = ElementTree.Element("testsuites", name=name)
    by_project: dict[str, list[Result]] = {}
    for result in report.results:
        by_project.setdefault(result.project, []).append(result)
    for project, found in by_project.items():
        failures = [result for result in found if result.rule.id in report.failing]
        suite = ElementTree.SubElement(
            root, "testsuite", name=_text(project), tests=str(len(found)), failures=str(len(failures)), errors="0",
            skipped=str(len(found) - len(failures)),
        )  # fmt: skip
        for result in found:
            _case(suite, result, result in failures)
    if not by_project:
        suite = ElementTree.SubElement(root, "testsuite", name=name, tests="1", failures="0", errors="0")
        ElementTree.SubElement(suite, "testcase", classname="scopedown", name="no problems")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _case(suite: ElementTree.Element, one: Result, failed: bool) -> None:
    rule, problem = one.rule, one.problem
    case = ElementTree.SubElement(
        suite, "testcase", classname=titled(rule).replace(" ", "."), name=_text(f"{problem.place} {problem.about}"),
        file=_text(problem.place.file), line=str(problem.place.line),
    )  # fmt: skip
    told = _text(problem.message)
    if failed:
        element = ElementTree.SubElement(case, "failure", message=told, type=str(rule.severity))
        element.text = f"{_text(str(problem.place))}\n{rule.remedy}"
    else:
        ElementTree.SubElement(case, "skipped", message=f"{rule.severity}: {told}")


def _text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", printable(text))
