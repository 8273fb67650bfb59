"""A project of which only a few answers are known: the questions of ``--ask``, and the service that they describe.

In: answers. Out: a :class:`~scopedown.project.model.Project`, compiled from a configuration that is made of them as any
serverless.yml is, so that its policy comes from the same tables. Names that are not known yet are patterns that begin
with service and stage, as the framework and CloudFormation name what a project leaves unnamed.
"""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from scopedown.deploy.model import Plan
from scopedown.documents.document import Files, parse_json
from scopedown.project.model import Project
from scopedown.project.options import Options
from scopedown.project.serverless.read import read_serverless

Answers = Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class Question:
    """``default`` tells its kind: a text, or yes and no. ``form`` is what an answer looks like, ``hint`` says it.

    An answer may be empty where the default is.
    """

    key: str
    text: str
    default: str | bool
    form: re.Pattern[str] | None = None
    hint: str = ""
    after: str = ""
    """The question whose yes this one follows; empty where it is always asked."""
    type: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """What a yes adds to the resources; ``{name}`` is the pattern of its name, ``{lower}`` in lower case."""
    event: Mapping[str, Any] | None = None
    """What a yes adds to the events of each function."""


def _question(written: dict[str, Any]) -> Question:
    form = written.pop("form", None)
    return Question(form=re.compile(form) if form else None, **written)


QUESTIONS: Final = tuple(
    map(_question, tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))["questions"])
)
"""In the order in which they are asked."""


def answered(question: Question, written: str) -> str | bool | None:
    """What an answer means: the default where nothing is written, None where it is none.

    >>> answered(QUESTIONS[1], ""), answered(QUESTIONS[5], "n"), answered(QUESTIONS[2], "*")
    ('dev', False, None)
    """
    text = written.strip()
    if not text:
        return question.default if question.default != "" or question.key != "service" else None
    if isinstance(question.default, bool):
        return {"y": True, "yes": True, "n": False, "no": False}.get(text.lower())
    return text if question.form is None or question.form.fullmatch(text) else None


def asked_project(answers: Answers, framework: str = "osls") -> Project:
    """The project that the answers describe, compiled as a framework does."""
    stage, region = str(answers["stage"]), str(answers["region"])
    account = str(answers.get("account") or "") or None
    options = Options(stage=stage, region=region, account=account, framework=framework)
    with tempfile.TemporaryDirectory(prefix="scopedown-") as folder:
        document = parse_json(json.dumps(configuration(answers)), "questions", Path(folder) / "serverless.json")
        return replace(read_serverless(document, Files(Path(folder)), options), root=folder)


def configuration(answers: Answers) -> dict[str, Any]:
    """The service as the framework's configuration."""
    base = f"{answers['service']}-{answers['stage']}"
    provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs22.x", "stage": answers["stage"]}
    provider["region"] = answers["region"]
    if answers.get("vpc"):
        provider["vpc"] = {"securityGroupIds": ["sg-00000000"], "subnetIds": ["subnet-00000000"]}
    if answers.get("tracing"):
        provider["tracing"] = {"lambda": True, **({"apiGateway": True} if answers.get("http") else {})}
    written = str(answers.get("functions") or "")
    names = [name.strip() for name in written.split(",") if name.strip()]
    functions: dict[str, Any] = {name: {"handler": "index.handler"} for name in names}
    if not functions:
        functions["any"] = {"handler": "index.handler", "name": f"{base}-*"}
    events: list[Mapping[str, Any]] = []
    resources: dict[str, Any] = {}
    for part in QUESTIONS:
        if not answers.get(part.key):
            continue
        if part.type:
            properties = _named(part.properties, f"{base}-*")
            resources[f"Any{part.key.capitalize()}"] = {"Type": part.type, "Properties": properties}
        if part.event is not None:
            events.append(part.event)
    for function in functions.values():
        function["events"] = events
    found: dict[str, Any] = {"service": answers["service"], "provider": provider, "functions": functions}
    if resources:
        found["resources"] = {"Resources": resources}
    if answers.get("layers"):
        found["layers"] = {"any": {"path": ".", "name": f"{base}-*"}}
    return found


def _named(tree: Any, name: str) -> Any:
    """The properties of a resource of this name."""
    if isinstance(tree, str):
        return tree.replace("{name}", name).replace("{lower}", name.lower())
    if isinstance(tree, Mapping):
        return {key: _named(value, name) for key, value in tree.items()}
    return [_named(item, name) for item in tree] if isinstance(tree, list) else tree


def generalised(plan: Plan, answers: Answers) -> Plan:
    """The plan with patterns for what answers do not say: which functions, how many events, which methods."""
    base = re.escape(f"{answers['service']}-{answers['stage']}")
    made = re.compile(rf"({base})-[A-Z]\w*-\*")

    def wide(arn: str) -> str:
        arn = made.sub(r"\1-*", arn)
        return re.sub(r"/methods/[A-Z]+", "/methods/*", re.sub(r"(-rule)-\d+", r"\1-*", arn))

    permissions = (
        replace(permission, resources=tuple(dict.fromkeys(wide(arn) for arn in permission.resources)))
        for permission in plan.permissions
    )
    return replace(plan, permissions=tuple(permissions))
