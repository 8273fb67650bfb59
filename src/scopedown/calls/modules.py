"""Modules: what an import gives, each module's top level run once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.calls import execute, members, models
from scopedown.calls.activation import Activation
from scopedown.calls.data import from_data
from scopedown.calls.project_files import own_names
from scopedown.calls.values import External, Frame, ModuleValue, Object, UnknownValue, Value
from scopedown.core.place import Place

if TYPE_CHECKING:
    from scopedown.calls.interpret import Interpreter


def import_module(run: Interpreter, specifier: str, place: Place) -> Value:
    """The value of an import in the file being run."""
    language = run.language
    value = models.model(specifier, language)
    if value is not None:
        run.sdk_files.add(run.file)
        return value
    file = run.sources.resolve(specifier, run.file, language)
    if file is not None:
        if language == "python" and not specifier.startswith(".") and "." in specifier:
            import_module(run, specifier.rpartition(".")[0], place)
        return load(run, file)
    if (value := models.standard_module(specifier, language)) is not None:
        return value
    if specifier.startswith((".", "/")):
        return UnknownValue(f"module {specifier} was not found", place)
    run.not_analysed.add(specifier if language == "javascript" else specifier.partition(".")[0])
    return External(specifier, module=True)


def load(run: Interpreter, file: str) -> Value:
    """A project module by file: run once, then its exports."""
    known = run.modules.get(file)
    if known is None:
        if file.endswith(".json"):
            return from_data(run.sources.json(file))
        known = _run_module(run, file)
    return members.exports(known)


def _run_module(run: Interpreter, file: str) -> ModuleValue:
    if file.endswith("/"):
        frame = Frame(file, frozenset(), None, language="python")
        run.modules[file] = value = ModuleValue(file, frame, file)
        return value
    module = run.sources.load(file)
    language = module.language if module else "python" if file.endswith(".py") else "javascript"
    outermost = run.globals if language == "javascript" else None
    names = module.locals if module else frozenset()
    frame = Frame(file, names, outermost, language=language, is_program=file == run.program)
    directory = file[: -len("/__init__.py")] if file.endswith("/__init__.py") else None
    run.modules[file] = value = ModuleValue(file, frame, directory, loading=True)
    frame.variables.update(own_names(run.sources, file, language))
    if language == "javascript":
        exported = Object()
        frame.variables["exports"] = exported
        frame.variables["module"] = Object({"exports": exported})
        frame.this = exported
    if module is None:
        value.loading = False
        return value
    before = run.file, run.language, run.conditional
    run.file, run.language, run.conditional = file, language, 0
    run.path.append(f"<{file}>")
    run.loading += 1
    try:
        execute.block(run, Activation(frame, False), module.body)
    finally:
        run.loading -= 1
        run.path.pop()
        run.file, run.language, run.conditional = before
        value.loading = False
    return value
