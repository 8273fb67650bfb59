"""Modules: what an import gives, each module's top level run once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.calls import bounds
from scopedown.calls.interpreter import missing_modules as nowhere
from scopedown.calls.machine import Machine
from scopedown.calls.values import External, Frame, ModuleValue, Null, UnknownValue, Value
from scopedown.calls.values.from_json import from_data
from scopedown.core.coverage import HINT, Cause, Unseen
from scopedown.core.place import Place
from scopedown.source.language import language_of
from scopedown.source.repository_tree import DECLARATIONS
from scopedown.source.resolve.search_path import INSTALLED_FOLDERS

if TYPE_CHECKING:
    from scopedown.source.resolve.unread_packages import Judged
    from scopedown.source.sources import Beyond


def import_module(run: Machine, specifier: str, place: Place, types: bool = False, member: str | None = None) -> Value:
    """The value of an import in the file being run; ``types``: only types of it are used; ``member``: the one name that
    is asked of it."""
    spoken = run.position.language
    language = spoken.name
    value = run.model(specifier)
    if value is not None:
        run.found.sdk_files.add(run.position.file)
        return value
    if (placed := run.heap.placed.get(specifier)) is not None:
        return placed
    search = tuple(run.heap.search)
    file = run.sources.resolve(specifier, run.position.file, language, search)
    # Declarations alone say nothing of what the values do that are imported.
    if file is not None and (types or not file.endswith(DECLARATIONS)):
        return _imported(run, specifier, file, place)
    if (value := spoken.standard_module(specifier)) is not None:
        return value
    beyond = None if types else run.sources.beyond(specifier, run.position.file, language, member, run.catalog)
    if beyond is not None and beyond.file is not None:
        if beyond.alone:
            nowhere.tell_alone(run, specifier, beyond.file, place)
        return _imported(run, specifier, beyond.file, place, beyond)
    is_ours = not types and not run.sources.is_installed(run.position.file)
    is_own = is_ours and nowhere.is_missed(run, specifier, beyond, search)
    if is_own:
        nowhere.missed(run, specifier, beyond, place)
    if specifier.startswith("/") and not types:
        run.found.not_analysed.add(specifier)  # code of a layer that is not in the project, which may call anything
    if is_own or specifier.startswith((".", "/")):
        return UnknownValue(f"scopedown did not find the module {specifier}", place)
    if is_ours:
        leave_out(run, specifier, place)
    return External(specifier, module=True)


def _judged(run: Machine, package: str) -> Judged:
    at = run.position
    return run.sources.packages.judge(package, run.sources.path(at.file), at.language.name, run.catalog)


def leave_out(run: Machine, specifier: str, place: Place) -> None:
    """A package is not read: it is said what it may call, or that it cannot."""
    judged = _judged(run, specifier)
    if judged.cause is None:
        run.found.harmless.add(judged.name)
        return
    known = run.found.left_out.get(judged.name)
    if known is None or known not in run.found.unseen:
        key = run.found.left_out[judged.name] = (judged.cause, judged.name, place)
        run.found.unseen[key] = Unseen(judged.cause, judged.what, place, judged.may_call, judged.remedy)


def tell_member(run: Machine, package: str, member: str, place: Place) -> None:
    """Code takes a member of a library that the library's table does not have."""
    judged = _judged(run, package)
    if judged.cause is not None:
        run.found.not_analysed.add(package)
        what = f"scopedown does not know what {member} of {package} calls"
        run.found.unseen.setdefault((Cause.PACKAGE, what), Unseen(Cause.PACKAGE, what, place, judged.may_call, HINT))


def tell_silent(run: Machine) -> None:
    """At the end of a run: the installed packages that were read, and make no call that was understood."""
    for name, file in run.found.silent.items():
        language = language_of(file).name
        may_call = run.sources.packages.may_call(name, run.sources.path(file), language, run.catalog)
        what = f"scopedown read {name}, but did not recognize its AWS calls"
        place = run.sources.place(file)
        run.found.unseen[Cause.PACKAGE, name] = Unseen(Cause.PACKAGE, what, place, may_call, HINT)


def not_analysed(run: Machine) -> tuple[str, ...]:
    """The modules that may call AWS and were not looked into."""
    left_out = {name for name, key in run.found.left_out.items() if key in run.found.unseen}
    return tuple(sorted(run.found.not_analysed | left_out))


def _imported(run: Machine, specifier: str, file: str, place: Place, beyond: Beyond | None = None) -> Value:
    """A module that was found; Python runs the packages above it first, and they have it as a member then."""
    parent: Value | None = None
    above, dot, name = specifier.rpartition(".")
    run.found.imported += 1
    if run.position.language.packages_run_first and dot and above and not specifier.startswith("."):
        if beyond is None or beyond.installed:
            parent = import_module(run, above, place)
        elif (package := run.sources.package_above(file)) is not None:
            parent = load(run, package)
    value = load(run, file)
    if isinstance(parent, ModuleValue) and name not in parent.frame.variables:
        parent.frame.variables[name] = value
        parent.frame.version += 1
    return value


def load(run: Machine, file: str) -> Value:
    """A project module by file: run once, then its exports."""
    known = run.heap.modules.get(file)
    if known is None:
        if file.endswith(".json"):
            return from_data(run.sources.json(file), Null())  # nothing but JavaScript imports JSON
        if run.sources.is_installed(file):
            return _load_installed(run, file)
        known = _run_module(run, file)
    return _exports(run, known)


def _load_installed(run: Machine, file: str) -> Value:
    """A file of an installed package, as long as there are not too many of them."""
    is_slow = run.found.installed_steps > bounds.INSTALLED_STEPS.most
    if is_slow or len(run.found.installed) >= bounds.INSTALLED.most:
        run.bound(bounds.INSTALLED_STEPS if is_slow else bounds.INSTALLED, run.sources.place(file))
        return External(file, module=True)
    outermost = run.position.file not in run.found.installed
    run.found.installed.add(file)
    if outermost:
        name = _package(run, file)
        run.found.silent.setdefault(name, file)
        run.found.not_analysed.add(name)
    before = run.steps
    module = _run_module(run, file)
    if outermost:
        run.found.installed_steps += run.steps - before
    return _exports(run, module)


def _package(run: Machine, file: str) -> str:
    """The name of the installed package that a file belongs to: the folder below a package manager's, or that below the
    function's own where pip filled it."""
    pieces = file.split("/")
    starts = [position + 1 for position, piece in enumerate(pieces) if piece in INSTALLED_FOLDERS]
    if not starts:
        pieces = run.sources.below_package(file).split("/")
    start = starts[-1] if starts else 0
    length = 2 if pieces[start].startswith("@") else 1
    return "/".join(pieces[start : start + length]).removesuffix(".py")


def heard(run: Machine, file: str) -> None:
    """A file of an installed package made a call, so the package is understood. One that the project does not import
    itself speaks for those that it does."""
    own = _package(run, file)
    names = [own] if own in run.found.silent else list(run.found.silent)
    for name in names:
        del run.found.silent[name]
        run.found.not_analysed.discard(name)


def _exports(run: Machine, module: ModuleValue) -> Value:
    return run.language(module.frame.language).exports(module)


def _run_module(run: Machine, file: str) -> ModuleValue:
    if file.endswith("/"):
        frame = Frame(file, frozenset(), None, language=language_of(file).name)
        run.heap.modules[file] = value = ModuleValue(file, frame, file)
        return value
    module = run.sources.load(file)
    language = run.language(module.language if module else language_of(file).name)
    names = module.locals if module else frozenset()
    frame = Frame(file, names, None, language=language.name, is_program=file == run.position.program)
    directory = file[: -len("/__init__.py")] if file.endswith("/__init__.py") else None
    run.heap.modules[file] = value = ModuleValue(file, frame, directory, loading=True)
    language.begin_module(value, run)
    if module is None:
        value.loading = False
        return value
    position = run.position
    before = position.file, position.language, position.conditional, position.switches
    position.file, position.language, position.conditional, position.switches = file, language, 0, ()
    position.path.append(f"<{file}>")
    position.loading += 1
    try:
        if module.opened:
            run.opened(module)
        language.run_module(value, module.body, run)
    finally:
        position.loading -= 1
        position.path.pop()
        position.file, position.language, position.conditional, position.switches = before
        value.loading = False
    return value
