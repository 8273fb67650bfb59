"""Members of values: attributes, elements, iteration, and writes to them."""

from __future__ import annotations

from functools import singledispatch

from scopedown.calls.bounds import WRITTEN
from scopedown.calls.interpreter import declared_types, dispatch, metaclasses, missing_modules, overloads, trail
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.interpreter.changed_texts import change, is_text
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    SuperValue,
    TextValue,
    Union,
    UnknownValue,
    Unset,
    Value,
    join,
    options,
)
from scopedown.core.place import Place

PRECISE_ITEMS = 8
"""A loop over at most so many known items runs once for each, otherwise once for any."""
SETTER = ".setter"
"""What stands after the name of a member where an object keeps the function that a write to it calls."""
MAX_GAP = 10_000
"""How far beyond the end of a list code may write where it runs once."""
TABLE_STEPS = 4
"""Steps for each value of a table of which any may be meant: comparing structures costs more than an expression."""


def attribute(run: Machine, value: Value, name: str, place: Place) -> Value:
    """``value.name``."""
    language = run.position.language
    found = language.extension(value, name, run, place)
    if found is None:
        found = _member(value, name, run, place)
    if found is None:
        found = language.method(value, name, run, place)
    return _lacking(run, value, name, place) if found is None else found


@singledispatch
def _member(value: Value, name: str, run: Machine, place: Place) -> Value | None:
    """What a value itself, its class or its module has under a name; the methods of its language come after these."""
    return None


@_member.register
def _(value: Native, name: str, run: Machine, place: Place) -> Value | None:
    found = run.position.language.universal(value, name) if name[:2] == "__" else None
    return value.attribute(name, run, place) if found is None else found


@_member.register
def _(value: External, name: str, run: Machine, place: Place) -> Value | None:
    if (kept := stored.get(run, name)) is not None:
        return kept
    found = run.position.language.of_unseen(value, name, run, place)
    return External(f"{value.origin}.{name}", receiver=value) if found is None else found


@_member.register
def _(value: UnknownValue, name: str, run: Machine, place: Place) -> Value | None:
    return stored.get(run, name)


@_member.register
def _(value: Union, name: str, run: Machine, place: Place) -> Value | None:
    some = [option for option in value.options if not (isinstance(option, Const) and option.value is None)]
    return join(*(attribute(run, option, name, place) for option in some))


@_member.register
def _(value: Instance, name: str, run: Machine, place: Place) -> Value | None:
    if (answered := special.asked(run, value, name, place)) is not None:
        return answered
    if (found := value.fields.get(name)) is not None:
        if isinstance(found, UnknownValue | External):
            found = declared_types.member(run, value.cls, name, found)
        return bind(run, found, value, place)
    if (found := _own_of(run, value, value.fields, name, place)) is not None:
        return found
    if (found := member_of_class(run, value.cls, name, value, place)) is not None:
        if isinstance(found, UnknownValue):
            found = declared_types.member(run, value.cls, name, found)
        if special.may_be_refused(value.cls, name):
            found = join(found, special.missing(run, value, name, place) or found)
        return found
    if (found := special.missing(run, value, name, place)) is not None:
        return found
    return value.cls if name == run.position.language.class_member else None


@_member.register
def _(value: ClassValue, name: str, run: Machine, place: Place) -> Value | None:
    prefix = run.position.language.own_members
    if prefix and (found := own_member(run, value, prefix + name, place)) is not None:
        return found
    found = member_of_class(run, value, name, value, place)
    return _by_metaclass(run, value, name, place) if found is None else found


@_member.register
def _(value: SuperValue, name: str, run: Machine, place: Place) -> Value | None:
    bases = above(value)
    of_class = run.position.language.own_members if isinstance(value.this, ClassValue) else ""
    if of_class and (found := _own_above(run, bases, of_class + name, value.this, place)) is not None:
        return found
    for number, base in enumerate(bases):
        further = bases[number + 1 :]
        if (found := member_of_class(run, base, name, value.this, place, False, further)) is not None:
            return found
    return None


@_member.register
def _(value: ModuleValue, name: str, run: Machine, place: Place) -> Value | None:
    return _module_attribute(run, value, name, place)


@_member.register
def _(value: Object, name: str, run: Machine, place: Place) -> Value | None:
    if run.position.language.members_are_keys and (found := value.fields.get(name)) is not None:
        return bind(run, found, value, place)
    return _own_of(run, value, value.fields, name, place)


@_member.register
def _(value: FunctionValue, name: str, run: Machine, place: Place) -> Value | None:
    if (held := run.heap.statics.get(_key(value))) is not None and name in held[0].fields:
        return bind(run, held[0].fields[name], value, place)
    if name == "prototype":
        return run.heap.prototypes.setdefault((id(value.function), id(value.frame)), Object())
    return None


def _lacking(run: Machine, value: Value, name: str, place: Place) -> Value:
    """What reading a member gives that neither the value nor its language has."""
    if isinstance(value, Object):
        found = value.fields.get(name)
        if found is None and value.rest is None and run.position.language.members_are_keys:
            return Unset(f"field {name}", place)
        return found if found is not None else value.rest or UnknownValue(f"field {name}", place)
    if isinstance(value, UnknownValue):
        return value.part(place)
    if isinstance(value, Const) and value.value is None:
        return UnknownValue(trail.OF_NOTHING, place)
    declares = isinstance(value, Instance) and _declares_field(value.cls, name)
    if not declares and (client := derived_client(run, value, place)) is not None:
        return attribute(run, client, name, place)
    if isinstance(value, Instance):
        return declared_types.member(run, value.cls, name, Unset(f"member {name}", place))
    return UnknownValue(f"member {name}", place)


def derived_client(run: Machine, value: Value | None, place: Place) -> Value | None:
    """The client that an object is whose class derives from a client's: a member that nothing else has is the client's,
    which says that it does not know it."""
    this = value.this if isinstance(value, SuperValue) else value
    if isinstance(this, Instance):
        for one in this.cls.ancestry():
            if isinstance(one, Native) and one.names_a_client:
                return one.client_within(this, run, place)
    return None


def _own_of(run: Machine, value: Value, fields: dict[str, Value], name: str, place: Place) -> Value | None:
    """A method of one object alone."""
    if not run.position.language.singletons:
        return None
    found = fields.get(run.position.language.own_members + name)
    return None if found is None else bind(run, found, value, place)


def _of_class(run: Machine, cls: ClassValue, name: str, place: Place) -> Value | None:
    """A method of the class itself by which it answers an operator (Ruby's ``def self.[]``)."""
    prefix = run.position.language.own_members
    return own_member(run, cls, prefix + name, place) if prefix else None


def above(value: SuperValue) -> tuple[Value, ...]:
    """Where the members of ``super`` are looked for: what follows the method's class among the ancestors of the object,
    which are more than that class's own where it is a module or a mixin."""
    cls = value.this.cls if isinstance(value.this, Instance) else value.this
    ancestors = cls.ancestry() if isinstance(cls, ClassValue) else ()
    position = next((number for number, one in enumerate(ancestors) if one is value.owner), None)
    if position is not None:
        return ancestors[position + 1 :]
    return tuple(
        one for base in value.owner.bases for one in (base.ancestry() if isinstance(base, ClassValue) else (base,))
    )


def called(run: Machine, value: Value, name: str, place: Place) -> Value:
    """``value.name``, which is called."""
    if run.position.language.methods_apart:
        found = [
            method
            for option in options(value)
            if isinstance(option, Instance)
            and name in option.fields
            and isinstance(method := member_of_class(run, option.cls, name, option, place), FunctionValue)
        ]
        if found:
            others = [one for one in options(value) if not (isinstance(one, Instance) and name in one.fields)]
            return join(*found, *(attribute(run, one, name, place) for one in others))
    return attribute(run, value, name, place)


def _key(function: FunctionValue) -> tuple[int, int]:
    return id(function.function), id(function.frame)


def bind(run: Machine, member: Value, owner: Value, place: Place) -> Value:
    """A function read from an object becomes that object's method; a property is read at once."""
    if isinstance(member, Union) and _is_read(member):
        return join(*(bind(run, option, owner, place) for option in member.options))
    if isinstance(member, Union) and run.position.language.overloads:
        if not any(isinstance(option, FunctionValue) and option.this is None for option in member.options):
            return member
        return join(*(bind(run, option, owner, place) for option in member.options))
    descriptor = run.position.language.descriptor
    if descriptor is not None and isinstance(member, Instance) and isinstance(owner, Instance):
        found = special.call(run, member, descriptor, (owner, owner.cls), place)
        return member if found is None else found
    if not isinstance(member, FunctionValue) or member.this is not None:
        return member
    receiver = member.function.receiver
    if receiver == "class":
        owner = owner.cls if isinstance(owner, Instance) else owner
    elif receiver == "first":
        if isinstance(owner, ClassValue) and not _is_of_metaclass(member, owner):
            return member
    elif receiver != "this":
        return member
    bound = FunctionValue(member.function, member.frame, owner, member.owner)
    return run.enter(bound, CallSite((), {}, place)) if member.function.accessor else bound


def _by_metaclass(run: Machine, cls: ClassValue, name: str, place: Place) -> Value | None:
    """A member that a class has from its own class."""
    meta = metaclasses.metaclass(cls)
    if meta is None:
        return None
    found = member_of_class(run, meta, name, cls, place)
    if found is not None or name.startswith("__"):
        return found
    return metaclasses.call(run, cls, "__getattr__", CallSite((Const(name),), {}, place))


def _is_of_metaclass(member: FunctionValue, owner: ClassValue) -> bool:
    """Whether a method is that of the class of a class, which is its object."""
    return member.owner is not None and any(member.owner is metaclass for metaclass in _metaclasses(owner))


def _metaclasses(cls: ClassValue) -> tuple[Value, ...]:
    meta = metaclasses.metaclass(cls)
    return meta.ancestry() if meta is not None else ()


def member_of_class(
    run: Machine,
    cls: Value,
    name: str,
    owner: Value,
    place: Place,
    inherited: bool = True,
    further: tuple[Value, ...] = (),
) -> Value | None:
    """A member through the class and its ancestors, bound to the owner; None where no one has it. Interfaces and mixins
    that are not read hide none that is. ``further``: the classes of which only overloads count."""
    unseen: External | None = None
    looked = cls.ancestry() if inherited and isinstance(cls, ClassValue) else options(cls)
    for number, value in enumerate(looked):
        if isinstance(value, ClassValue):
            if (found := value.fields.get(name)) is not None:
                if isinstance(found, Instance) and isinstance(owner, Instance | ClassValue):
                    given = (owner, owner.cls) if isinstance(owner, Instance) else (Const(None), owner)
                    described = special.call(run, found, "__get__", given, place)
                    return found if described is None else described
                if run.position.language.overloads:
                    found = overloads.with_inherited(name, found, (*looked[number + 1 :], *further))
                return bind(run, found, owner, place)
        elif isinstance(value, Native):
            if (found := value.member(owner, name, run, place)) is not None:
                return found
        elif isinstance(value, External) and name not in ("__init__", "constructor", "__call__"):
            if isinstance(cls, ClassValue) and _declares_field(cls, name):
                return None
            # The unseen base's method may call any of ours.
            unseen = unseen or External(f"{value.origin}.{name}", [owner], External(value.origin, [owner]))
            if not run.position.language.binds_by_packages:
                return unseen
    return unseen


def _declares_field(cls: ClassValue, name: str) -> bool:
    """Whether a class, or one of the analysed code that it derives from, declares a field, which no base has then."""
    return any(
        declared == name
        for one in cls.ancestry() if isinstance(one, ClassValue) for declared, _ in one.definition.types
    )  # fmt: skip


def own_member(run: Machine, cls: ClassValue, name: str, place: Place) -> Value | None:
    """A member of the class itself, by the name that it has beside those of its objects; None where it has none."""
    for value in cls.ancestry():
        if isinstance(value, ClassValue) and (found := value.fields.get(name)) is not None:
            return bind(run, found, cls, place)
    return None


def _own_above(run: Machine, bases: tuple[Value, ...], name: str, this: Value, place: Place) -> Value | None:
    """A member that a class has from one of its bases, for the class itself."""
    held = (base.fields.get(name) for base in bases if isinstance(base, ClassValue))
    return next((bind(run, found, this, place) for found in held if found is not None), None)


def has_default(value: Value) -> bool:
    """Whether ``import x from`` finds a default export."""
    return isinstance(value, UnknownValue) or (
        isinstance(value, Object) and ("default" in value.fields or value.rest is not None)
    )


def _module_attribute(run: Machine, module: ModuleValue, name: str, place: Place) -> Value:
    found = module.frame.variables.get(name)
    if found is not None:
        return found
    if module.directory is not None and (file := run.sources.submodule(module.directory, name)) is not None:
        return run.load(file)
    if (everything := module.frame.variables.get("*")) is not None:
        return attribute(run, everything, name, place)
    hook = run.language(module.frame.language).module_member
    asked = None if hook is None else module.frame.variables.get(hook)
    if isinstance(asked, FunctionValue) and not name.startswith("__"):
        return run.enter(asked, CallSite((Const(name),), {}, place))
    if run.position.language.undeclared_names is not None:
        missing_modules.member_missed(run, module, name, place)
    return UnknownValue(f"{name} of {module.file}", place)


# elements


def key_text(key: Const) -> str:
    """A key as both languages compare it."""
    if isinstance(key.value, float):
        return (
            str(int(key.value))
            if key.value.is_integer() and abs(key.value) < 1e21
            else str(key.value).replace("e-0", "e-")
        )
    return "true" if key.value is True else "false" if key.value is False else str(key.value)


def key_name(key: Value) -> str | None:
    """The name under which an object keeps a member with this key, or None where that is not known."""
    if isinstance(key, Const):
        return key_text(key)
    return key.as_key() if isinstance(key, Native) else None


def index(run: Machine, value: Value, key: Value, place: Place) -> Value:
    """``value[key]``."""
    if isinstance(key, Native) and isinstance(value, Object | Instance | ClassValue):
        key = key if (name := key.as_key()) is None else Const(name)
    return _item(value, key, run, place)


@singledispatch
def _item(value: Value, key: Value, run: Machine, place: Place) -> Value:
    """What is under a key of a value; of those with members only, the member of that name."""
    if not isinstance(value, ModuleValue | External | FunctionValue | Instance | ClassValue):
        return UnknownValue("a computed element", place)
    if isinstance(key, Const) and isinstance(key.value, str):
        return attribute(run, value, key.value, place)
    if isinstance(value, External):
        return External(f"{value.origin}[…]", receiver=value)
    return join(*(_computed(run, value, option, place) for option in dispatch.keys_apart(key)))


@_item.register
def _(value: Union, key: Value, run: Machine, place: Place) -> Value:
    some = [option for option in value.options if not (isinstance(option, Const) and option.value is None)]
    return join(*(index(run, option, key, place) for option in some))


@_item.register
def _(value: Native, key: Value, run: Machine, place: Place) -> Value:
    for option in options(key):
        if not isinstance(option, Const):
            dispatch.on_member(run, value, place)
    return join(*(value.index(option, run, place) for option in options(key)))


@_item.register
def _(value: Object, key: Value, run: Machine, place: Place) -> Value:
    return join(*(_object_index(run, value, option, place) for option in dispatch.keys_apart(key)))


@_item.register
def _(value: Sequence, key: Value, run: Machine, place: Place) -> Value:
    position = key.value if isinstance(key, Const) else None
    if isinstance(position, str) and run.position.language.members_are_keys:
        if not position.isdecimal():
            return attribute(run, value, position, place)
        position = int(position)
    if not isinstance(position, int) or isinstance(position, bool) or (position < 0 and value.rest is not None):
        return value.element()
    if -len(value.items) <= position < len(value.items):
        return value.items[position]
    past = value.rest or UnknownValue("element past the end", place)
    may_lack = run.position.language.missing_item_is_nothing and isinstance(past, Const)
    return join(past, Const(None)) if may_lack else past


@_item.register
def _(value: Instance, key: Value, run: Machine, place: Place) -> Value:
    if (found := special.call(run, value, "__getitem__", (key,), place)) is not None:
        return found
    if (found := special.call(run, value, "__missing__", (key,), place)) is not None:
        kept = value.fields.get(key_text(key)) if isinstance(key, Const) else None
        return found if kept is None else join(kept, found)
    return _item_of_others(value, key, run, place)


@_item.register
def _(value: ClassValue, key: Value, run: Machine, place: Place) -> Value:
    if (found := metaclasses.call(run, value, "__getitem__", CallSite((key,), {}, place))) is not None:
        return found
    if (answer := _of_class(run, value, "__getitem__", place)) is not None:
        return run.call(answer, (key,), place)
    if (method := special.defined(value, "__class_getitem__")) is not None:
        of_class = FunctionValue(method.function, method.frame, value, method.owner)
        return run.enter(of_class, CallSite((key,), {}, place))
    if isinstance(key, ClassValue | Native | Sequence | External):
        return value  # a generic class with its types
    return _item_of_others(value, key, run, place)


@_item.register
def _(value: FunctionValue, key: Value, run: Machine, place: Place) -> Value:
    if run.position.language.functions_take_types:
        return value  # a generic function with its types
    if run.position.language.brackets_call:
        return run.call(value, (key,), place)
    return _item_of_others(value, key, run, place)


@_item.register
def _(value: UnknownValue, key: Value, run: Machine, place: Place) -> Value:
    kept = stored.get(run, key_text(key)) if isinstance(key, Const) else None
    return value.part(place) if kept is None else kept


@_item.register(Const)
@_item.register(TextValue)
def _(value: Const | TextValue, key: Value, run: Machine, place: Place) -> Value:
    """A character, or a method of the language."""
    if isinstance(key, Const) and isinstance(key.value, str):
        return attribute(run, value, key.value, place)
    if isinstance(value, Const) and isinstance(value.value, str) and isinstance(key, Const):
        text, position = value.value, key.value
        if isinstance(position, int):
            is_known = not isinstance(position, bool) and not run.position.language.characters_are_numbers
            if is_known and -len(text) <= position < len(text):
                return Const(text[position])
            return UnknownValue("a character", place)
    return UnknownValue("a computed element", place, inert=True)


_item_of_others = _item.dispatch(object)


def _computed(run: Machine, value: Value, key: Value, place: Place) -> Value:
    if isinstance(key, Const):
        return attribute(run, value, key_text(key), place)
    return dispatch.computed(run, value, key, place)


def _object_index(run: Machine, value: Object, key: Value, place: Place) -> Value:
    if isinstance(key, Const):
        found = value.fields.get(key_text(key))
        if found is not None:
            return bind(run, found, value, place)
        if value.rest is not None:
            return value.rest
        if run.position.language.members_are_keys:
            return attribute(run, value, key_text(key), place)
        return UnknownValue(f"field {key_text(key)}", place)
    fitting = dispatch.members_named(run, value, key, lambda name: bind(run, value.fields[name], value, place))
    if fitting is not None:
        return fitting if value.rest is None else join(fitting, value.rest)
    everything = value.held()
    run.steps += TABLE_STEPS * len(everything)
    return join(*everything) if everything else UnknownValue("a computed element", place)


def own_items(run: Machine, value: Object | Instance, place: Place) -> dict[str, Value]:
    """The members that an object itself has, as reading them gives them: getters run."""
    return {
        name: bind(run, item, value, place) if _is_read(item) else item
        for name, item in list(value.fields.items())
        if not is_setter(name)
    }


def _is_read(member: Value) -> bool:
    return any(isinstance(option, FunctionValue) and option.function.accessor for option in options(member))


def is_setter(name: str) -> bool:
    """Whether it is the name under which an object keeps the setter of a member."""
    return name.endswith(SETTER)


def known_items(run: Machine, value: Value, keys: bool) -> list[Value] | None:
    """Every element in order where all are known, else None."""
    if isinstance(value, Sequence) and value.rest is None:
        return [Const(str(position)) for position in range(len(value.items))] if keys else list(value.items)
    if isinstance(value, Object) and value.rest is None and (keys or run.position.language.loops_over_keys):
        return [Const(key) for key in value.fields if not is_setter(key)]
    if isinstance(value, ClassValue):
        for base in value.ancestry():
            if isinstance(base, Native) and (found := base.elements(value)) is not None:
                return found
    if run.exact and isinstance(value, Native):
        return value.listed()
    if run.exact and isinstance(value, Const) and isinstance(value.value, str):
        return [Const(str(position)) for position in range(len(value.value))] if keys else list(map(Const, value.value))
    return None


def iterate(run: Machine, value: Value, place: Place, keys: bool) -> Value:
    """Any one element (or key) in a loop."""
    match value:
        case Union():
            some = [option for option in value.options if not isinstance(option, Const)]
            return join(*(iterate(run, one, place, keys) for one in some))
        case Sequence():
            return UnknownValue("an index") if keys else value.element()
        case Object() | Instance() if not keys and (found := _own_iterator(run, value, place)) is not None:
            return found
        case Object() if keys or run.position.language.loops_over_keys:
            unknown = () if value.rest is None else (UnknownValue("a key", place),)
            return join(*(Const(key) for key in value.fields if not is_setter(key)), *unknown)
        case Native():
            return value.iterate(run, place)
        case UnknownValue():
            return value.part(place)
        case External():
            return External(f"element of {value.origin}", receiver=value)
        case Instance():
            for name in ("__next__", "__anext__", "__iter__", "__aiter__"):
                method = member_of_class(run, value.cls, name, value, place)
                if isinstance(method, FunctionValue):
                    found = run.enter(method, CallSite((), {}, place))
                    # An iterator of its own has __next__; another class's __iter__ gives a generator or a list.
                    return found if name.endswith("next__") else _element(found, place)
            if (
                found := special.call(run, value, "__getitem__", (UnknownValue("a position", place),), place)
            ) is not None:
                return found
            for base in value.cls.ancestry():
                if isinstance(base, Native) and (element := base.inherited_element(value, run, place)) is not None:
                    return element
            return UnknownValue("an element", place)
        case ClassValue() if members_ := known_items(run, value, keys):
            return join(*members_)
        case ClassValue() if (found := metaclasses.call(run, value, "__iter__", CallSite((), {}, place))) is not None:
            return _element(found, place)
        case _:
            return UnknownValue("an element", place)


def _own_iterator(run: Machine, value: Object | Instance, place: Place) -> Value | None:
    """What a loop gets from an object's own iterator."""
    for name in run.position.language.iterators:
        held = value.fields.get(name)
        if held is not None:
            held = bind(run, held, value, place)
        elif isinstance(value, Instance):
            held = member_of_class(run, value.cls, name, value, place)
        if not isinstance(held, FunctionValue):
            continue
        made = run.call_value(held, CallSite((), {}, place))
        if isinstance(made, Sequence):
            return made.element()
        following = attribute(run, made, "next", place)
        return attribute(run, run.call_value(following, CallSite((), {}, place)), "value", place)
    return None


def _element(value: Value, place: Place) -> Value:
    return value.element() if isinstance(value, Sequence) else UnknownValue("an element", place)


def enter(run: Machine, value: Value, place: Place) -> Value:
    """What ``with value as x`` binds."""
    match value:
        case Native():
            return value.enter(run, place)
        case Union():
            return join(*(enter(run, option, place) for option in value.options))
        case Instance():
            for name in ("__enter__", "__aenter__"):
                method = member_of_class(run, value.cls, name, value, place)
                if isinstance(method, FunctionValue):
                    return run.enter(method, CallSite((), {}, place))
            return value
        case Sequence():
            return value.element()  # a generator under contextlib.contextmanager
        case _:
            return value


# writes

_HAVE_MEMBERS = (Object, Instance, ClassValue, ModuleValue)


def assign(run: Machine, value: Value, name: str, new: Value, place: Place) -> None:
    """``value.name = new``."""
    language = run.position.language
    trail.kept(run.trail, new)
    for option in options(value):
        if language.singletons and name.startswith(language.own_members) and not isinstance(option, _HAVE_MEMBERS):
            run.heap.singletons.setdefault(name.removeprefix(language.own_members), []).append(new)
            continue
        match option:
            case Instance() if special.call(run, option, name + SETTER, (new,), place) is not None:
                pass
            case Object() | ClassValue() | Instance() if (setter := _setter(option, name)) is not None:
                _set(run, option, setter, new, place)
            case Instance() if name == "__dict__" and isinstance(new, Object):
                option.fields = new.fields
                option.cls.frame.version += 1  # the constructor of the next object does it again
            case Instance() if (inner := run.position.language.holder(option, name, run, place)) is not None:
                _write(run, inner.fields, name, new, inner.born)
            case Object() | Instance():
                _write(run, option.fields, name, new, option.born)
            case ClassValue():
                _write_class(run, option, name, new)
            case ModuleValue():
                option.frame.version += 1
                _write(run, option.frame.variables, name, new, 0)
            case Native():
                run.heap.handed.update((id(one), one) for one in options(new) if isinstance(one, Instance))
                option.assign(name, new, run, place)
            case External():
                option.root.captured.append(stored.Kept(name, new) if stored.put(run, name, new) else new)
            case UnknownValue():
                stored.put_in_data(run, new)
                if not stored.put(run, name, new):
                    _handed_over(run, new, place)
            case Sequence():
                run.escape(new, place)
                if name == "length" and language.members_are_keys:
                    _resize(run, option, new)
            case SuperValue():
                assign(run, option.this, name, new, place)
            case FunctionValue():
                if name == "prototype" and isinstance(new, Object):
                    run.heap.prototypes[id(option.function), id(option.frame)] = new
                else:
                    held, _ = run.heap.statics.setdefault(_key(option), (Object(), option))
                    _write(run, held.fields, name, new, 0)
            case _:
                pass


def _setter(value: Object | ClassValue | Instance, name: str) -> FunctionValue | None:
    """What a write to a member of an object calls."""
    found = value.fields.get(name + SETTER)
    return found if isinstance(found, FunctionValue) else None


def _set(run: Machine, owner: Value, setter: FunctionValue, new: Value, place: Place) -> None:
    run.enter(FunctionValue(setter.function, setter.frame, owner, setter.owner), CallSite((new,), {}, place))


def _set_any(run: Machine, owner: Object, new: Value, place: Place) -> None:
    """A write to a member whose name is not known may call any setter."""
    for name, setter in list(owner.fields.items()) if any(map(is_setter, owner.fields)) else ():
        if is_setter(name) and isinstance(setter, FunctionValue):
            _set(run, owner, setter, new, place)


def _handed_over(run: Machine, new: Value, place: Place) -> None:
    """A member is written to a value whose members are not kept: a function in it may be called by it."""
    if any(map(_has_functions, options(new))):
        run.escape(new, place)


def _has_functions(value: Value) -> bool:
    held = value.held() if isinstance(value, Object | Sequence) else [value]
    return any(isinstance(option, FunctionValue) for one in held for option in options(one))


def define(run: Machine, value: Value, name: str, new: Value, place: Place) -> None:
    """A member is defined: unlike a write, that calls no setter, and replaces one."""
    trail.kept(run.trail, new)
    for option in options(value):
        if isinstance(option, Object | Instance | ClassValue):
            born = 0 if isinstance(option, ClassValue) else option.born
            if not run.position.conditional > born:
                option.fields.pop(name + SETTER, None)
            if isinstance(option, ClassValue):
                _write_class(run, option, name, new)
            else:
                _write(run, option.fields, name, new, born)
        else:
            assign_index(run, option, Const(int(name)) if name.isdecimal() else Const(name), new, place)


def assign_index(run: Machine, value: Value, key: Value, new: Value, place: Place) -> None:
    """``value[key] = new``."""
    if isinstance(key, Native) and (named := key.as_key()) is not None:
        key = Const(named)
    for option in options(value):
        if isinstance(option, Object):
            for choice in options(key):
                if run.exact and not isinstance(choice, Const):
                    option.rest = (
                        choice if isinstance(choice, UnknownValue) else UnknownValue("its key is unknown", place)
                    )
                elif not isinstance(choice, Const):
                    option.put(choice, new)
                    _set_any(run, option, new, place)
                elif (setter := _setter(option, key_text(choice))) is not None:
                    _set(run, option, setter, new, place)
                else:
                    _write(run, option.fields, key_text(choice), new, option.born)
        elif isinstance(option, Sequence):
            _write_item(run, option, key, new)
        elif isinstance(option, Instance) and special.call(run, option, "__setitem__", (key, new), place) is not None:
            pass
        elif isinstance(option, Native):
            option.put(key, new, run, place)
        elif isinstance(option, ClassValue) and (put := _of_class(run, option, "__setitem__", place)) is not None:
            run.call(put, (key, new), place)
        elif is_text(option):
            if run.position.language.texts_change:
                change(run, option, UnknownValue("a text that is changed in place"))
        elif isinstance(key, Const) and (
            isinstance(key.value, str) or isinstance(option, UnknownValue | FunctionValue)
        ):
            assign(run, option, key_text(key), new, place)
        else:
            if isinstance(option, UnknownValue):
                stored.put_in_data(run, new)
            _handed_over(run, new, place)
            if isinstance(option, ClassValue):  # a method whose name is not known
                _write(run, option.fields, f"<computed {len(option.fields)}>", new, 0)


def add(run: Machine, value: Value, new: Value, place: Place) -> None:
    """A collection is made with an element in it."""
    for option in options(value):
        match option:
            case Sequence():
                option.items.append(new)
            case Native():
                option.add(new, run, place)
            case Instance() if (method := member_of_class(run, option.cls, "Add", option, place)) is not None:
                run.call(method, (new,), place)
            case _:
                run.escape(new, place)


def _resize(run: Machine, into: Sequence, new: Value) -> None:
    """``list.length = …``: how many of its elements are left is worked out where code runs once."""
    if run.exact and isinstance(new, Const) and isinstance(new.value, int) and 0 <= new.value <= len(into.items):
        del into.items[new.value :]
        return
    into.rest = join(*into.held(), Const(None))
    into.items.clear()


def _write_item(run: Machine, into: Sequence, key: Value, new: Value) -> None:
    """``list[key] = new``: an element that is known keeps what it was beside it."""
    at = key.value if isinstance(key, Const) else None
    if run.exact and isinstance(at, str) and at.isdecimal():
        at = int(at)
    if run.exact and isinstance(at, int) and 0 <= at <= len(into.items) + MAX_GAP:
        into.items.extend([Const(None)] * (at - len(into.items)))
        into.items[at : at + 1] = [new if run.position.doubt is None else run.position.doubt]
        return
    if isinstance(at, int) and -len(into.items) <= at < len(into.items):
        into.items[at] = join(into.items[at], new)
        return
    if isinstance(key, Native):  # a slice takes the elements of what is written
        new = new.element() if isinstance(new, Sequence) else UnknownValue("an element")
    if len(into.items) <= WRITTEN.most:
        into.items[:] = [join(item, new) for item in into.items]
    elif not all(isinstance(one, Const | TextValue | UnknownValue) for one in options(new)):
        run.bound(WRITTEN)
    into.rest = new if into.rest is None else join(into.rest, new)


def _write(run: Machine, fields: dict[str, Value], name: str, new: Value, born: int) -> None:
    """A write under an undecided branch that the object does not share may not happen."""
    is_first = name not in fields and run.position.language.members_begin_empty
    if run.exact:
        new = new if run.position.doubt is None or run.position.conditional <= born else run.position.doubt
    elif run.position.conditional > born and not is_first:
        new = join(fields.get(name) or Const(None), new)
    fields[name] = new


def _write_class(run: Machine, cls: ClassValue, name: str, new: Value) -> None:
    """A member of a class is written; where the class has a method of its own of that name, its prototype may be
    meant as well."""
    language = run.position.language
    own = ("" if language.singletons else language.own_members) + name
    held = [one.fields[own] for one in cls.ancestry() if isinstance(one, ClassValue) and own in one.fields]
    if own != name and held:
        _write(run, cls.fields, own, join(held[0], new), 0)
        new = join(cls.fields.get(name) or Const(None), new)
    _write(run, cls.fields, name, new, 0)


def inherit(into: Object, prototype: Value) -> None:
    """What an object has from its prototype, where it has none of its own."""
    for option in options(prototype):
        if isinstance(option, Object | Instance):
            held = option.fields
            if isinstance(option, Instance):
                classes = [cls for cls in option.cls.ancestry() if isinstance(cls, ClassValue)]
                held = {**{name: value for cls in reversed(classes) for name, value in cls.fields.items()}, **held}
            for name, value in held.items():
                into.fields.setdefault(name, value)


def merge(run: Machine, into: Object, value: Value, place: Place) -> None:
    """``{...value}`` into an object that is being made."""
    if run.exact and isinstance(value, Sequence):
        value = Object({str(position): item for position, item in enumerate(value.items)}, value.rest)
    if run.written is not None:
        run.written.copied(into, value, place)
    if isinstance(value, Object):
        into.fields.update(own_items(run, value, place))
        into.symbolic.update(value.symbolic)
        if value.rest is not None:
            into.rest = value.rest if into.rest is None else join(into.rest, value.rest)
    elif isinstance(value, Instance):
        into.fields.update(own_items(run, value, place))
        if (item := special.items(run, value, place)) is not None:
            into.rest = item if into.rest is None else join(into.rest, item)
    elif isinstance(value, Union):
        some = [option for option in value.options if isinstance(option, Object)]
        for key in {key: None for object_ in some for key in object_.fields}:
            absent = into.fields.get(key) or Const(None)  # where the spread value has no such key
            into.fields[key] = join(*(object_.fields.get(key) or absent for object_ in some))
        if any(not isinstance(option, Object | Const) for option in value.options):
            into.rest = into.rest or UnknownValue("a spread value")
    elif not isinstance(value, Const):
        rest = value if isinstance(value, UnknownValue) else UnknownValue("a spread value")
        why = value.why_unknown() if run.exact and isinstance(value, Native) else None
        if isinstance(value, Unset) or (run.exact and isinstance(value, Native) and why is None):
            return
        rest = why or rest
        into.rest = rest if into.rest is None else join(into.rest, rest)


def merge_keywords(run: Machine, into: dict[str, Value], value: Value, place: Place) -> bool:
    """``**value`` into keyword arguments; whether all of them are known."""
    spread = Object()
    merge(run, spread, value, place)
    into.update(spread.fields)
    return spread.rest is None
