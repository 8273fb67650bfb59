"""Names that no scope has, in languages that bind names by packages, and members that code names alone.

A file's imports lead to a qualified name; a name that it does not import may be of its own package or of one that it
opens. A qualified name means what a file of the unit declares, else what the model of an SDK or library has, else the
language's standard library; the rest is a package that is not read.
"""

from __future__ import annotations

from scopedown.calls.bounds import UNIT
from scopedown.calls.interpreter import injection, members, modules
from scopedown.calls.interpreter import missing_modules as nowhere
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import ClassValue, External, Frame, Instance, Value
from scopedown.core.place import Place
from scopedown.source import ir


def anchor(frame: Frame | None) -> Value | None:
    """The object or the class whose code a scope is."""
    return None if frame is None else frame.this or frame.owner


def implicit(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """A member that code names alone, where a scope is the outermost one of a method or a class."""
    this = anchor(frame)
    if this is None or this is anchor(frame.parent) or _is_hidden(frame, this, name):
        return None
    match this:
        case Native():
            return this.implicit(name, run, place)
        case Instance() if name in this.fields or has_member(run, this.cls, name, this, place):
            return members.attribute(run, this, name, place)
        case ClassValue() if has_member(run, this, name, this, place):
            if name not in this.fields and _is_of_objects(this, name):  # of the object around the present one
                return members.attribute(run, injection.single(run, this, place), name, place)
            return members.attribute(run, this, name, place)
    return None


def owner_of(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """The object or class that a write to a name alone belongs to."""
    this = anchor(frame)
    if this is None or this is anchor(frame.parent) or _is_hidden(frame, this, name):
        return None
    match this:
        case Native() if this.implicit(name, run, place) is not None:
            return this
        case Native() if run.position.language.accepts(this, name):
            return this
        case Instance() if name in this.fields or has_member(run, this.cls, name, this, place):
            return this if _is_of_objects(this.cls, name) or name in this.fields else _declaring(this.cls, name) or this
        case ClassValue() if has_member(run, this, name, this, place):
            return _declaring(this, name) or this
    return None


def _is_hidden(frame: Frame, this: Value, name: str) -> bool:
    """Whether only classes have a member of a name whose private one it is, and the scope is within none of them."""
    cls = this.cls if isinstance(this, Instance) else this
    above = [one for one in cls.ancestry() if isinstance(one, ClassValue)] if isinstance(cls, ClassValue) else []
    if not any(name in one.definition.private for one in above):
        return False
    around: set[str] = set()
    scope: Frame | None = frame
    while scope is not None:
        around |= {scope.owner.definition.name} if isinstance(scope.owner, ClassValue) else set()
        scope = scope.parent
    has = (one.definition for one in above if name in one.fields or _declares(one.definition, name))
    return all(name in one.private and one.name not in around for one in has)


def has_member(run: Machine, cls: ClassValue, name: str, owner: Value, place: Place) -> bool:
    """Whether a class of the analysed code, or one that a model knows, has a member of the name."""
    own = run.position.language.own_members + name if isinstance(owner, ClassValue) else name
    for one in cls.ancestry():
        if isinstance(one, ClassValue):
            if name in one.fields or own in one.fields or _declares(one.definition, name):
                return True
        elif isinstance(one, Native) and one.member(owner, name, run, place) is not None:
            return True
    return False


def _declares(definition: ir.Class, name: str) -> bool:
    return (
        any(declared == name for declared, _ in definition.types)
        or any(isinstance(key, ir.Const) and key.value == name for key, _ in definition.fields)
        or any(supplied[0] == name for supplied in definition.supplied)
    )


def _is_of_objects(cls: ClassValue, name: str) -> bool:
    return any(isinstance(one, ClassValue) and _declares(one.definition, name) for one in cls.ancestry())


def _declaring(cls: ClassValue, name: str) -> ClassValue | None:
    return next((one for one in cls.ancestry() if isinstance(one, ClassValue) and name in one.fields), None)


def inherited_unseen(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """A member of a base that is not read, or of a client, as the last that a name may be."""
    scope: Frame | None = frame
    while scope is not None:
        this = anchor(scope)
        cls = this.cls if isinstance(this, Instance) else this
        for one in cls.ancestry() if isinstance(cls, ClassValue) else ():
            if isinstance(one, External) and this is not None:
                return External(f"{one.origin}.{name}", [this], External(one.origin, [this]))
        if name[:1].islower() and (client := members.derived_client(run, this, place)) is not None:
            return members.attribute(run, client, name, place)
        scope = scope.parent
    return None


def of_packages(run: Machine, frame: Frame, name: str, place: Place) -> Value | None:
    """What a name means by its file's packages; None where nothing has it."""
    key = frame.file, name
    if key in run.heap.names:
        return run.heap.names[key]
    module = run.sources.load(frame.file)
    if module is None:
        return None
    found: Value | None = None
    imported = [qualified for local, qualified in module.imports if local == name]
    if imported:
        found = qualified(run, imported[-1], place)
    else:
        language = run.language(frame.language)
        guesses = list(language.package_names(module, name))
        own = [one for one in guesses if run.sources.named(one, frame.file, language.separator) is not None]
        for guess in dict.fromkeys((*own, *guesses)):
            if (found := qualified(run, guess, place, is_import=False)) is not None:
                break
    run.heap.names[key] = found
    return found


def qualified(run: Machine, name: str, place: Place, is_import: bool = True) -> Value | None:
    """What a qualified name means; ``is_import``: it is written so, and no guess."""
    language = run.position.language
    named = run.sources.named(name, run.position.file, language.separator)
    if named is not None and language.is_vendors(name) and (model := run.model(name)) is not None:
        run.found.sdk_files.add(run.position.file)
        return model
    if named is not None:
        run.found.imported += 1
        value = run.load(named.file)
        for member in named.members:
            if not is_import and isinstance(value, ClassValue) and not has_member(run, value, member, value, place):
                return None
            value = members.attribute(run, value, member, place)
        return value
    if (model := run.model(name)) is not None:
        run.found.sdk_files.add(run.position.file)
        return model
    if (standard := language.standard_module(name)) is not None:
        return standard
    unit = run.sources.unit(run.position.file)
    if unit is not None and not unit.is_whole:
        run.bound(UNIT, place, f"{len(unit.files):,}")
    if not is_import:
        return None
    if (written := language.written_whole(name)) is not None:
        return written
    if name.partition(language.separator)[0] in language.own_roots:
        nowhere.missed(run, name.replace(language.separator, language.written_separator), None, place)
    else:
        modules.leave_out(run, name, place)
    return External(name, module=True)


def opened(run: Machine, module: ir.Module) -> None:
    """A module opens packages: those that are not read are reported, since any name may be theirs."""
    place = run.sources.place(module.file)
    unit = run.sources.unit(module.file)
    separator = run.position.language.separator
    for package in module.opened:
        if unit is not None and (unit.is_own(package, separator) or _is_class(run, package, module.file, separator)):
            continue
        if run.sources.named(package, module.file, separator) is not None:  # a module of the program
            continue
        if run.position.language.standard_module(package) is None and not run.position.language.is_modelled(package):
            modules.leave_out(run, package, place)


def _is_class(run: Machine, name: str, file: str, separator: str) -> bool:
    """Whether a class of the unit is opened, of which the members are known by their names alone."""
    return run.sources.named(name, file, separator) is not None
