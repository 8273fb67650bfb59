"""NestJS: modules bind, an application makes what they bind and serves what decorators mark.

Sources: https://docs.nestjs.com/modules, …/fundamentals/custom-providers, …/fundamentals/dynamic-modules,
…/standalone-applications, …/recipes/cqrs, …/techniques/configuration, and nestjs-dynamoose's README
(https://github.com/hardyscc/nestjs-dynamoose#readme). An application makes every provider of its modules and calls
their hooks; one without HTTP serves nothing, so that only the methods that code calls on what ``get`` gives count.
What the packages have more (``ConfigModule.forRoot({load: […]})``) may call what is handed to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.calls.interpreter.injection import Wanted, bind, note, noted, of_value, resolve
from scopedown.calls.interpreter.members import bind as bind_method
from scopedown.calls.libraries.provider_objects import provider_of, token_of
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    EnvVar,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    Text,
    TextValue,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.javascript.containers.objects import decorator
from scopedown.languages.javascript.natives import (
    NOTHING,
    Callback,
    Function,
    JavaScriptNative,
    Platform,
    Quiet,
    given,
    identity,
)

_ROUTES = ("Get", "Post", "Put", "Patch", "Delete", "All", "Options", "Head", "Search", "Sse")
_HOOKS = ("onModuleInit", "onApplicationBootstrap")
_AROUND = ("canActivate", "intercept", "transform", "catch", "use")
"""What guards, interceptors, pipes, filters and middlewares do for a request."""
_AROUND_TOKENS = ("APP_GUARD", "APP_INTERCEPTOR", "APP_PIPE", "APP_FILTER")
_HANDLERS = ("CommandHandler", "QueryHandler", "EventsHandler")


def module(name: str) -> Value | None:
    """One of the packages."""
    if name.startswith("@nestjs/common"):
        return Platform(name, _common())
    if name.startswith("@nestjs/core"):
        create = Function("NestFactory.create", lambda site, run: _create(site, run, True))
        context = Function("createApplicationContext", lambda site, run: _create(site, run, False))
        made: dict[str, Value] = {"create": create, "createMicroservice": create, "createApplicationContext": context}
        factory = Quiet("NestFactory", made)
        tokens: dict[str, Value] = {one: Const(one) for one in _AROUND_TOKENS}
        return Platform(name, {"NestFactory": factory, "ModuleRef": ApplicationClass(), **tokens})
    if name.startswith("@nestjs/config"):
        return Platform(name, {"ConfigService": ConfigServiceClass(), "registerAs": _register_as()})
    if name.startswith("@nestjs/cqrs"):
        buses: dict[str, Value] = {one: BusClass(one) for one in ("CommandBus", "QueryBus", "EventBus")}
        return Platform(name, {**buses, **{one: decorator(one, _handles) for one in _HANDLERS}})
    if name.startswith("@nestjs/platform"):
        return Platform(name, {one: identity(one) for one in ("ExpressAdapter", "FastifyAdapter")})
    dynamoose = Quiet("DynamooseModule", {"forFeature": Function("forFeature", _tables)})
    return Quiet(
        name, {"DynamooseModule": dynamoose, "InjectModel": Function("InjectModel", lambda site, run: _model(site))}
    )


def _common() -> dict[str, Value]:
    found: dict[str, Value] = {
        "Module": decorator("Module", lambda target, made, run: _keep("module", target, made.argument(0), run)),
        "Injectable": decorator("Injectable"),
        "Controller": decorator("Controller"),
        "Inject": Function("Inject", lambda site, run: Wanted(_asked(site, run))),
        "Optional": decorator("Optional"),
        "forwardRef": Function("forwardRef", lambda site, run: run.call(site.argument(0) or NOTHING, (), site.place)),
    }
    found |= {name: decorator(name, lambda target, made, run: _keep("route", target, NOTHING, run)) for name in _ROUTES}
    for name in ("UseGuards", "UseInterceptors", "UsePipes", "UseFilters"):
        found[name] = decorator(name, _around)
    return found


def _keep(kind: str, target: Value, value: Value | None, run: Machine) -> None:
    note(run, kind, target, value or NOTHING)


def _around(target: Value, made: CallSite, run: Machine) -> None:
    for value in made.positional:
        note(run, "around", target, value)


def _handles(target: Value, made: CallSite, run: Machine) -> None:
    """``@CommandHandler(Command)`` on a class: the command's handler."""
    for value in made.positional:
        for command in options(value):
            if isinstance(command, ClassValue):
                note(run, "handler", command, target)


def _asked(site: CallSite, run: Machine) -> Value | None:
    token = site.argument(0)
    return token if given(token) else None


# modules


@dataclass(slots=True, eq=False)
class Served:
    """What the modules of an application hold."""

    tokens: list[Value] = field(default_factory=list)
    controllers: list[Value] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


def _read(run: Machine, imported: Value, place: Place, into: Served) -> None:
    """A module and those that it imports: what they provide is bound."""
    for option in options(imported):
        if id(option) in into.seen:
            continue
        into.seen.add(id(option))
        if isinstance(option, ClassValue):
            for settings in noted(run, "module", option):
                _bind(run, settings, place, into)
            into.tokens.append(option)
        elif isinstance(option, Object):  # a dynamic module
            _bind(run, option, place, into)
            if "module" in option.fields:
                _read(run, option.fields["module"], place, into)
        elif isinstance(option, External):
            run.escape(option, place)
            for held in option.captured:
                run.escape(held, place)


def _bind(run: Machine, settings: Value, place: Place, into: Served) -> None:
    if not isinstance(settings, Object):
        return
    for value in _listed(settings, "imports"):
        _read(run, value, place, into)
    for described in _listed(settings, "providers"):
        for each in options(described):
            token = token_of(each) or each
            if isinstance(token, Const | ClassValue | JavaScriptNative | External | FunctionValue):
                bind(run, token, provider_of(run, each, NOTHING))
                into.tokens.append(token)
    into.controllers += _listed(settings, "controllers")


def _listed(settings: Object, name: str) -> list[Value]:
    found = settings.fields.get(name)
    return (
        [held for option in options(found) if isinstance(option, Sequence) for held in option.held()] if found else []
    )


# applications


def _create(site: CallSite, run: Machine, serves: bool) -> Value:
    """``NestFactory.create(AppModule, adapter?)``."""
    read = Served()
    _read(run, site.argument(0) or NOTHING, site.place, read)
    application = Application(read, site.place) if serves else Application(Served(), site.place)
    for token in read.tokens:
        for made in options(resolve(run, token, site.place)):
            _call(run, made, _HOOKS, (), site.place)
            if isinstance(made, Instance) and token is made.cls:
                _call(run, made, ("configure",), (Consumer(),), site.place)
    adapter = site.argument(1)
    for option in options(adapter) if serves and adapter is not None else ():
        if isinstance(option, External):
            option.root.captured.append(application.routes(run))
    return application


def _call(run: Machine, made: Value, names: tuple[str, ...], arguments: tuple[Value, ...], place: Place) -> None:
    """Call those methods that an object of the code has."""
    if not isinstance(made, Instance):
        return
    for name in names:
        for cls in made.cls.ancestry():
            method = cls.fields.get(name) if isinstance(cls, ClassValue) else None
            if isinstance(method, FunctionValue):
                bound = bind_method(run, method, made, place)
                run.call_value(bound, CallSite(arguments, {}, place, complete=False))
                break


def _serve(run: Machine, described: Value, place: Place) -> None:
    """A guard or its like, for one request: a class is made by the container."""
    for option in options(described):
        made = resolve(run, option, place) if isinstance(option, ClassValue) else option
        for each in options(made):
            _call(run, each, _AROUND, (), place)


class Consumer(JavaScriptNative):
    """``MiddlewareConsumer``."""

    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``apply(Middleware)``."""

        def apply(site: CallSite, run: Machine) -> Value:
            for value in site.positional:
                _serve(run, value, site.place)
                if isinstance(value, FunctionValue):
                    run.escape(value, site.place)
            return self

        return Function(name, apply if name == "apply" else lambda site, run: self)


@dataclass(frozen=True, slots=True, eq=False)
class Application(JavaScriptNative):
    """An application, or a context without HTTP."""

    label = "a NestJS application"
    read: Served
    place: Place

    callable_when_escaped = False

    def routes(self, run: Machine) -> Value:
        """A function that serves one request of any kind."""
        return Callback("a request", lambda site, run: self._serve(site, run))

    def _serve(self, site: CallSite, run: Machine) -> Value:
        for token in _AROUND_TOKENS:
            if run.heap.bindings.providers.get(("name", token)):
                _serve(run, resolve(run, Const(token), site.place), site.place)
        for controller in (*self.read.controllers, *self.read.tokens):
            for cls in options(controller):
                if isinstance(cls, ClassValue):
                    self._serve_class(run, cls, site.place)
        return UnknownValue("a response", site.place)

    def _serve_class(self, run: Machine, cls: ClassValue, place: Place) -> None:
        marked: dict[str, FunctionValue] = {}
        for value in cls.ancestry():
            for name, method in value.fields.items() if isinstance(value, ClassValue) else ():
                if isinstance(method, FunctionValue) and noted(run, "route", method):
                    marked.setdefault(name, method)
        if not marked:
            return
        for around in noted(run, "around", cls):
            _serve(run, around, place)
        for made in options(resolve(run, cls, place)):
            for method in marked.values():
                for around in noted(run, "around", method):
                    _serve(run, around, place)
                run.escape(bind_method(run, method, made, place), place)

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``get(Token)``; what serves; the rest are settings."""
        if name in ("get", "resolve", "create"):
            return Function(name, lambda site, run: resolve(run, _token(site), site.place), self)
        if name in ("getHttpAdapter", "getHttpServer", "getInstance"):
            return Function(name, lambda site, run: External("a NestJS server", [self.routes(run)]), self)
        if name == "select":
            return Function(name, lambda site, run: self, self)
        if name in ("listen", "startAllMicroservices"):
            return Function(name, self._listen, self)
        if name in ("useGlobalGuards", "useGlobalInterceptors", "useGlobalPipes", "useGlobalFilters", "use"):
            return Function(name, self._use, self)
        return Function(name, lambda site, run: self, self) if name in ("init", "setGlobalPrefix") else None

    def _listen(self, site: CallSite, run: Machine) -> Value:
        return self._serve(site, run)

    def _use(self, site: CallSite, run: Machine) -> Value:
        for value in site.positional:
            if isinstance(value, FunctionValue):
                run.escape(value, site.place)
            _serve(run, value, site.place)
        return self

    def missing(self, name: str, place: Place) -> Value:
        """Settings."""
        return Quiet(f"application.{name}")

    def escaped(self, run: Machine, place: Place) -> None:
        """Whoever has it may serve."""
        if self.read.controllers:
            self._serve(CallSite((), {}, place), run)


def _token(site: CallSite) -> Value:
    return site.argument(0) or NOTHING


class ApplicationClass(JavaScriptNative):
    """``ModuleRef``, as a type: it gives what is bound."""

    __slots__ = ()
    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """One of them."""
        return Application(Served(), site.place)


# configuration, command buses, tables


class ConfigServiceClass(JavaScriptNative):
    """``ConfigService``: ``get('NAME')`` reads the environment, where no file of the code says more."""

    __slots__ = ()
    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The service."""
        get = Function("ConfigService.get", _setting)
        return Quiet("ConfigService", {"get": get, "getOrThrow": get})


def _setting(site: CallSite, run: Machine) -> Value:
    name = site.argument(0)
    if isinstance(name, Const) and isinstance(name.value, str) and name.value.replace("_", "").isupper():
        return TextValue(Text((EnvVar(name.value),)))
    return UnknownValue("a setting", site.place)


def _register_as() -> Function:
    def body(site: CallSite, run: Machine) -> Value:
        for value in site.positional[1:]:
            run.escape(value, site.place)
        return Object({"KEY": Const(f"CONFIGURATION({site.argument(0)})")}, UnknownValue("settings", site.place))

    return Function("registerAs", body)


@dataclass(frozen=True, slots=True, eq=False)
class BusClass(JavaScriptNative):
    """``CommandBus``: what is given to it goes to the handler of its class."""

    label = "{self.name}"
    name: str

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The bus."""
        return Quiet(self.name, {name: Function(name, _send) for name in ("execute", "publish", "publishAll")})


def _send(site: CallSite, run: Machine) -> Value:
    sent = site.argument(0) or NOTHING
    each = [held for option in options(sent) for held in (option.held() if isinstance(option, Sequence) else (option,))]
    results: list[Value] = []
    for value in each:
        for handler in noted(run, "handler", value.cls) if isinstance(value, Instance) else ():
            made = resolve(run, handler, site.place)
            for name in ("execute", "handle"):
                for each_made in options(made):
                    if isinstance(each_made, Instance) and any(
                        isinstance(cls, ClassValue) and name in cls.fields for cls in each_made.cls.ancestry()
                    ):
                        method = run.attribute(each_made, name, site.place)
                        results.append(run.call(method, (value,), site.place))
    return results[0] if len(results) == 1 else UnknownValue("what a handler gives", site.place)


def _name_of(name: Value | None) -> Value:
    return Const(f"{name.value}Model") if isinstance(name, Const) else UnknownValue("a model's name")


def _model(site: CallSite) -> Wanted:
    return Wanted(_name_of(site.argument(0)))


def _tables(site: CallSite, run: Machine) -> Value:
    """``DynamooseModule.forFeature([{name, schema, options}])``: dynamoose's models, by name."""
    dynamoose = run.model("dynamoose")
    listed = site.argument(0)
    for value in listed.held() if isinstance(listed, Sequence) and dynamoose is not None else ():
        if isinstance(value, Object) and dynamoose is not None:
            fields = value.fields
            given_options = fields.get("options") or Object()
            make = run.attribute(dynamoose, "model", site.place)
            arguments = (fields.get("name") or NOTHING, fields.get("schema") or NOTHING, given_options)
            bind(run, _name_of(fields.get("name")), of_value(run.call(make, arguments, site.place)))
    return Object({"module": NOTHING})
