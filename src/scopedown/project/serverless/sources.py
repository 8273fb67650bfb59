"""Where variables take their values from: one function a source, and the table of all of them.

A source answers a :class:`Request` with an :class:`Answer`: a value; nothing, with the reason (the variable then
tries its next source); or a failure that ends the variable. What only AWS knows is answered from the user's
``--param-file``, or is a text that says so: a fallback would be a guess there. (osls 4.3.1,
``lib/configuration/variables/sources``; the framework's v4 adds ``git``, ``output``, ``stages`` and others.)
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.text import Pseudo, Text, Unknown
from scopedown.documents.dotenv import load_dotenv
from scopedown.documents.nodes import as_list, child, clone
from scopedown.documents.scalars import js_text
from scopedown.project.serverless import every_deployment
from scopedown.project.serverless.resolving import REMEDY, Answer, Request, Resolving
from scopedown.project.serverless.service import PLUGIN_LIFT
from scopedown.project.serverless.variables import Variable
from scopedown.project.stand_ins import has_stand_in, spelled_out

_BREF: Final = {"bref": "534081306603", "bref-extra": "403367587399"}
"""Sources of Bref's plugins, which give the ARNs of its layers, and the accounts that publish them; the versions are
those of the installed packages, which do not matter here (https://bref.sh/docs/runtimes,
https://github.com/brefphp/extra-php-extensions)."""
_STREAMS: Final = "serverless-dynamodb-stream-arn-plugin"
_STAGE: Final = re.compile(r"[A-Za-z0-9-]+\Z")
_PROGRAMS: Final = (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts")
"""Files that ``${file(…)}`` reads as programs: osls 4.3.1 takes the first two, and the others for plain text."""
_INDEX: Final = re.compile(r"\[(\d+)\]")
"""An item of a list as v4 lets it be written: ``[0]`` for ``.0``."""


SourceFunction = Callable[[Resolving, Request], Answer]


def fail(code: str, reason: str, remedy: str, place: Place | None = None) -> Answer:
    """An answer that ends the variable."""
    return Answer(None, reason, remedy, code, place=place)


def _needs_address(request: Request) -> Answer | None:
    if request.address in (None, "", 0, False):
        return fail("variable-syntax", f"${{{request}}} has no address", f"write ${{{request.kind}:NAME}}")
    return _needs_text(request)


def _needs_text(request: Request) -> Answer | None:
    if isinstance(request.address, Mapping):
        return fail(
            "variable-syntax", f"the address of a ${{{request.kind}}} variable is a mapping, not text",
            f"write ${{{request.kind}:NAME}}",
        )  # fmt: skip
    return None


def _self(resolver: Resolving, request: Request) -> Answer:
    address = request.address
    if address and not isinstance(address, str):
        if every_deployment.is_of_statement(resolver, request):
            return Answer(every_deployment.unknown(f"${{{spelled_out(str(request))}}}"))
        return fail("variable-syntax", f"the address of ${{{request}}} is not text", "write the name of a property")
    if resolver.options.every_deployment and has_stand_in(address or ""):
        return every_deployment.looked_up(resolver, address, request)
    found = resolver.lookup(address.split(".") if address else [], request.asker)
    is_chosen = address == "provider.region" and resolver.chosen_region
    return every_deployment.region(resolver, request) or found if is_chosen else found


def _opt(resolver: Resolving, request: Request) -> Answer:
    given = resolver.options.command_line()
    if request.address is None:
        return Answer(dict(given))
    if failed := _needs_text(request):
        return failed
    name = js_text(request.address)
    if name == "region" and (here := every_deployment.region(resolver, request)) is not None:
        return here
    remedy = f"pass --{name}, or give the variable a fallback" if name in ("stage", "region") else REMEDY
    return Answer(given.get(name), f"the option --{name} is missing", remedy)


def _env(resolver: Resolving, request: Request) -> Answer:
    if failed := _needs_address(request):
        return failed
    name = js_text(request.address)
    value = resolver.options.environment.get(name)
    if value is None:
        if resolver.dotenv is None:
            resolver.dotenv = load_dotenv(
                resolver.tree, resolver.files, resolver.stage(), resolver.options.environment, resolver.is_v4
            )
        value = resolver.dotenv.get(name)
    return Answer(value, f"the environment variable {name} is not set", f"set {name}, or give the variable a fallback")


def _str_to_bool(resolver: Resolving, request: Request) -> Answer:
    value = request.params[0] if request.params else None
    word = js_text(value).strip().lower()
    if value is not None and word in ("true", "1", "false", "0"):
        return Answer(word in ("true", "1"))
    shown = "nothing" if value is None else repr(js_text(value))
    return fail(
        "variable-not-boolean",
        f"strToBool accepts the texts true, false, 1 and 0, not {shown}",
        "write one of these texts in quotes",
    )


def _sls(resolver: Resolving, request: Request) -> Answer:
    if failed := _needs_address(request):
        return failed
    if request.address == "instanceId":
        return deployment_value(resolver, request, "sls:instanceId changes with every run")
    if request.address != "stage":
        return fail(
            "variable-not-found", f"the framework does not know ${{{request}}}", "use sls:stage or sls:instanceId"
        )
    return _stage(resolver, request)


def _stage(resolver: Resolving, request: Request) -> Answer:
    """The stage that is deployed: ``--stage``, else the provider's, else dev; the framework checks its letters."""
    answer = Answer(resolver.options.stage)
    if answer.value is None:
        answer = _or_default(resolver.lookup(["provider", "stage"], request.asker), "dev")
    if answer.problem is not None or isinstance(answer.value, Text):
        return answer
    if not isinstance(answer.value, str) or not _STAGE.match(answer.value):
        shown = js_text(answer.value)[:60]
        return fail("variable-stage", f"{shown!r} is not a valid stage name", "use letters, digits and hyphens only")
    return answer


def _aws(resolver: Resolving, request: Request) -> Answer:
    if failed := _needs_address(request):
        return failed
    if request.address == "accountId":
        if resolver.options.account is not None:
            return Answer(resolver.options.account)
        known = given(resolver, request)
        return Answer(Text.of(Pseudo("AWS::AccountId")) if known is None else js_text(known))
    if request.address == "region":
        if resolver.options.region:
            return Answer(resolver.options.region)
        if (here := every_deployment.region(resolver, request)) is not None:
            return here
        answer = resolver.lookup(["provider", "region"], request.asker)
        # Unlike a stage, a region that is empty, false or zero counts as none (and in JavaScript a mapping as one).
        none = not answer.value and not isinstance(answer.value, dict | list)
        return Answer("us-east-1") if none and answer.problem is None and not answer.code else answer
    return fail("variable-not-found", f"the framework does not know ${{{request}}}", "use aws:accountId or aws:region")


def _or_default(answer: Answer, default: str) -> Answer:
    return Answer(default) if answer.value is None and answer.problem is None and not answer.code else answer


def _param(resolver: Resolving, request: Request) -> Answer:
    """``--param`` > stages.STAGE.params > params.STAGE > stages.default.params > params.default."""
    if failed := _needs_address(request):
        return failed
    name = js_text(request.address)
    if name in resolver.options.params:
        return Answer(resolver.options.params[name])
    stage = _stage(resolver, request)
    if not isinstance(stage.value, str) or stage.problem is not None:
        return stage
    if resolver.options.every_deployment and (answer := every_deployment.parameter(resolver, name, request)):
        return answer
    for group in (stage.value, "default"):
        for keys in (["stages", group, "params"], ["params", group]):
            section: Any = resolver.tree
            for key in keys:
                section = section.get(key) if isinstance(section, Mapping) else None
            if isinstance(section, str):  # the whole section is a variable
                found = resolver.lookup(keys, request.asker)
                if found.problem is not None:
                    return found
                section = found.value
            if isinstance(section, Mapping) and section.get(name) is not None:
                return resolver.parameter((*keys, name), section[name], request.asker)
    return Answer(
        None, f"the parameter {name} has no value", f"pass --param {name}=VALUE, or set it under params.default"
    )


def _file(resolver: Resolving, request: Request) -> Answer:
    """``${file(path):keys}``: YAML, JSON, text, or a program, which is read and never run."""
    if not request.params or request.params[0] in (None, "", 0, False):
        return fail("variable-syntax", "${file()} has no file name", "write ${file(./name.yml):key}")
    if isinstance(request.params[0], dict):
        return fail("variable-syntax", "the file name of ${file()} is not text", "write ${file(./name.yml):key}")
    written = js_text(request.params[0])
    if resolver.options.every_deployment and has_stand_in(written):
        return Answer(Text.unknown(f"{spelled_out(written)} is another file in other deployments"))
    path = Path(os.path.normpath(resolver.files.root / written))
    missing = Answer(None, f"the file {written} does not exist", "create the file, or correct its path")
    try:
        if path.suffix in _PROGRAMS:
            return missing if resolver.files.text(path) is None else _program(resolver, request, path, written)
        if path.suffix in (".yml", ".yaml", ".json", ".tfstate"):
            document = resolver.files.document(path)
            if document is None:
                return missing
            if not request.address and any(remark.code == "empty" for remark in document.remarks):
                return fail(
                    "variable-file-empty", f"the file {written} is empty", "write a value, or remove the variable"
                )
            content: Any = clone(document.tree, resolver.spend)
        else:
            content = resolver.files.text(path)
            if content is None:
                return missing
    except ScopedownError as error:
        # What is wrong inside of a file is told there; a name that means no file, where it is written.
        place = error.place if error.place and error.place != Place(error.place.file) else None
        return fail("variable-file-broken", error.message, error.remedy, place)
    if failed := _needs_text(request):
        return failed
    address = js_text(request.address)
    if not address:
        return Answer(content, f"the file {written} is empty")
    if resolver.is_v4:
        address = _INDEX.sub(r".\1", address)
    keys = address.split(".")
    for number, key in enumerate(keys):
        if isinstance(content, str):
            content, problem, _ = resolver.text_of(content, request.asker)
            if problem is not None:
                return Answer(content, problem=problem)
        if isinstance(content, Text):
            return Answer(content)
        if resolver.options.every_deployment and has_stand_in(key):
            return every_deployment.inside(content, keys[number:], request)
        content = child(content, key)
        if content is None:
            break
    return Answer(content, f"the file {written} has no {address}")


def _program(resolver: Resolving, request: Request, path: Path, written: str) -> Answer:
    """What a program exports, or what the function that it exports gives; ``--param-file`` knows better."""
    from scopedown.project.programs import programs

    known = given(resolver, request)
    if known is not None:
        return Answer(known)
    if failed := _needs_text(request):
        return failed

    def resolve(variable: str) -> Any:
        value, problem, _ = resolver.text_of(f"${{{variable}}}", request.asker)
        return Text.unknown(problem.reason, problem.place) if problem is not None else value

    address = "" if request.address is None else js_text(request.address)
    if resolver.programs is None:
        resolver.programs = programs(path.name).reader(resolver.files, resolver.options)
    value, remarks = programs(path.name).read_value(resolver.programs, path, resolver.options, resolve, address)
    for remark in remarks:
        resolver.told.append(resolver.problem(
            remark.code, request.asker, remark.text, f'set the value of "{request}" in --param-file', remark.place
        ))  # fmt: skip
    return Answer(value, f"the file {written} has no {address}" if address else f"the file {written} exports nothing")


def _ssm(resolver: Resolving, request: Request) -> Answer:
    name = js_text(request.address)
    return _needs_address(request) or deployment_value(
        resolver, request, f"the SSM parameter {name} is read from AWS when the service is deployed"
    )


def _cf(resolver: Resolving, request: Request) -> Answer:
    stack, dot, output = js_text(request.address).partition(".")
    if not dot:
        return fail("variable-syntax", f"${{{request}}} has no output name", "write ${cf:STACK.OUTPUT}")
    return deployment_value(
        resolver, request, f"the output {output} of the stack {stack} is read from AWS when the service is deployed"
    )


def _s3(resolver: Resolving, request: Request) -> Answer:
    bucket, slash, key = js_text(request.address).partition("/")
    if not slash:
        return fail("variable-syntax", f"${{{request}}} has no object key", "write ${s3:BUCKET/KEY}")
    return deployment_value(
        resolver, request, f"the object {key} of the bucket {bucket} is read from AWS when the service is deployed"
    )


def _stream(resolver: Resolving, request: Request) -> Text:
    """The stream of a table, which serverless-dynamodb-stream-arn-plugin 0.0.7 ``index.js`` asks AWS for."""
    region, problem, _ = resolver.text_of("${self:provider.region, 'us-east-1'}", request.asker)
    table = js_text(request.params[0]) if request.params else ""
    created = Unknown("AWS says when the stream of the table was made")
    place = region if isinstance(region, str | Text) and not problem else Pseudo("AWS::Region")
    return Text.of(
        "arn:", Pseudo("AWS::Partition"), ":dynamodb:", place, ":", Pseudo("AWS::AccountId"), f":table/{table}/stream/",
        created,
    )  # fmt: skip


def _plugin(resolver: Resolving, request: Request) -> Answer:
    """A source that the framework does not have itself: a plugin's, or a mistake."""
    known = given(resolver, request)
    if known is not None:
        return Answer(known)
    if request.kind == "construct" and PLUGIN_LIFT in as_list(resolver.tree.get("plugins")):
        from scopedown.project.serverless.lift import constructs

        return Answer(
            constructs.variable(resolver.tree, js_text(request.address)),
            f"no construct has the property {js_text(request.address)}",
            "correct the construct's name or property",
        )
    if request.kind == "fetchStreamARN" and _STREAMS in as_list(resolver.tree.get("plugins")) and request.params:
        return Answer(_stream(resolver, request))
    if request.kind in _BREF and request.address is not None:
        name = js_text(request.address).removeprefix("layer.")
        region, problem, _ = resolver.text_of("${self:provider.region, 'us-east-1'}", request.asker)
        return Answer(f"arn:aws:lambda:{'us-east-1' if problem else region}:{_BREF[request.kind]}:layer:{name}:1")
    first, dot, region = request.kind.partition(".")
    if dot and first in ("cf", "ssm", "s3"):
        remedy = f"write ${{{first}({region}):{js_text(request.address)}}}, with the region in parentheses (since v3)"
    else:
        remedy = f'correct it, or set the value of "{request}" in --param-file if a plugin provides it'
    return fail("variable-unknown-source", f"the framework has no variable source {request.kind!r}", remedy)


def given(resolver: Resolving, request: Request) -> Any:
    """A value that the user gave in ``--param-file``: for this very variable, or without its parameters."""
    values = resolver.options.values
    plain = f"{request.kind}:{js_text(request.address)}"
    return values.get(str(request), values.get(plain))


def deployment_value(resolver: Resolving, request: Request, reason: str) -> Answer:
    """What the user gave, else text that is not known, for that reason."""
    known = given(resolver, request)
    if known is not None:
        return Answer(known)
    return Answer(Text.unknown(reason, resolver.place(request.asker)))


SOURCES: Final[Mapping[str, SourceFunction]] = {
    "self": _self,
    "opt": _opt,
    "env": _env,
    "file": _file,
    "param": _param,
    "sls": _sls,
    "strToBool": _str_to_bool,
    "aws": _aws,
    "ssm": _ssm,
    "cf": _cf,
    "s3": _s3,
    "": _plugin,
}
"""Every source by its type; the empty name stands for all that are not listed."""

OF_AWS: Final = frozenset({"cf", "s3", "ssm"})
"""Sources that ask AWS on behalf of whoever runs a command, who needs permissions for them."""

LATE: Final = frozenset({"param", "aws", "cf", "s3", "ssm"})
"""Sources that the framework asks only after its first pass over the configuration."""


def is_late(request: Request, answer: Answer) -> bool:
    """Whether the framework knew this value only after its first pass."""
    if request.kind == "opt":  # whether an option is given is known later; stage and region are asked for at once
        return request.address is None or (answer.value is None and request.address not in ("stage", "region"))
    return (
        request.kind in LATE or request.kind not in SOURCES or (request.kind, request.address) == ("sls", "instanceId")
    )


def names_late(variables: tuple[Variable, ...]) -> bool:
    """Whether variables name a source that the framework asks only after its first pass."""
    for source in (source for variable in variables for source in variable.sources):
        parts = (*(source.params or ()), *([source.address] if source.address else ()))
        if source.type in LATE or any(names_late(part.variables) for part in parts):
            return True
    return False
