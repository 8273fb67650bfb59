"""Configuration of .NET, its options, and Parameter Store and Secrets Manager as its sources

A key is an environment variable (``A:B`` is ``A__B``), with what ``appsettings.json`` says where that is not set
(https://learn.microsoft.com/dotnet/core/extensions/configuration). ``AddSystemsManager`` is of
https://github.com/aws/aws-dotnet-extensions-configuration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import first_of
from scopedown.calls.sdks.emitting import NOTHING
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text
from scopedown.languages.csharp import extensions
from scopedown.languages.csharp.container import OPTIONS, PROGRAM
from scopedown.languages.csharp.credentials import SDK
from scopedown.languages.csharp.natives import Model, Passing, Type, arguments, run_functions, type_argument
from scopedown.source import ir
from scopedown.source.resolve.compiler_options import parse_loose_json

LANGUAGE = "csharp"
PACKAGES = (
    "Microsoft.Extensions.Configuration", "Microsoft.Extensions.Options", "Amazon.Extensions.NETCore.Setup",
    "Amazon.Extensions.Configuration.SystemsManager",
)  # fmt: skip
_FILES = ("appsettings.json", "appsettings.Production.json")
_SECRETS = frozenset({"AddSecretsManager", "AddAmazonSecretsManager"})


@dataclass(frozen=True, slots=True, eq=False)
class Configuration(Model):
    """``IConfiguration``, or a section of it: ``prefix`` is what the keys begin with; None: it is not known."""

    label = "a configuration"
    prefix: str | None = ""

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``configuration["A:B"]``."""
        return join(*(self._value(run, option, place) for option in options(key)))

    def _value(self, run: Machine, key: Value, place: Place) -> Value:
        if self.prefix is None or not (isinstance(key, Const) and isinstance(key.value, str)):
            return UnknownValue("a setting with a computed name", place, inert=True)
        return setting(run, _joined(self.prefix, key.value))

    def section(self, key: Value) -> Configuration:
        """A part of it."""
        if self.prefix is not None and isinstance(key, Const) and isinstance(key.value, str):
            return Configuration(_joined(self.prefix, key.value))
        return Configuration(None)

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its methods; as a builder it takes further sources."""
        match name:
            case "GetValue":
                return Function(name, self._get)
            case "GetConnectionString":
                return Function(
                    name,
                    lambda site, run: self.section(Const("ConnectionStrings")).index(first_of(site), run, site.place),
                )
            case "GetSection" | "GetRequiredSection":
                return Function(name, lambda site, run: self.section(first_of(site)))
            case "Value":
                return setting(run, self.prefix) if self.prefix else UnknownValue("a setting", place, inert=True)
            case "Get":
                return Function(name, lambda site, run: bound(run, type_argument(site), self, site.place))
            case "Bind":
                return Function(name, self._bind)
            case "GetAWSOptions":
                return Function(name, lambda site, run: AwsOptions())
            case "Build":
                return Function(name, lambda site, run: self)
            case "AddSystemsManager" | "AddAppConfig":
                return Function(name, partial(_systems_manager, self))
            case _ if name in _SECRETS:
                return Function(name, partial(_secrets, self))
            case _:
                return extensions.method(run, self, name, place)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other sources; they are asked for nothing of AWS."""
        return Passing(f"configuration.{name}", self)

    def _get(self, site: CallSite, run: Machine) -> Value:
        found = self.index(first_of(site), run, site.place)
        default = site.argument(1, "defaultValue")
        text = as_text(default) if default is not None else None
        if text is not None and text.parts and isinstance(found, TextValue) and len(found.text.parts) == 1:
            part = found.text.parts[0]
            if isinstance(part, EnvVar) and part.default is None:
                return TextValue(Text((EnvVar(part.name, text),)))
        return found

    def _bind(self, site: CallSite, run: Machine) -> Value:
        given = [one for one in site.positional if isinstance(one, Instance)]
        section = self.section(site.positional[0]) if len(site.positional) > 1 else self
        for one in given:
            fill(run, one, section, site.place)
        return NOTHING


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}:{key}" if prefix else key


def setting(run: Machine, key: str) -> Value:
    """The value of a key."""
    variable = key.replace(":", "__")
    default = _in_files(run, key)
    text = None if default is None else Text.of(default)
    return TextValue(Text((EnvVar(variable, text),)))


def _in_files(run: Machine, key: str) -> str | None:
    """What the settings files of the program's projects, else of the running code's, say of a key, whose letters may be
    small or capital."""
    for started in run.heap.bindings.notes.get(PROGRAM, ()):  # its files stand beside the libraries that it uses
        if isinstance(started, Const) and (told := _in_projects_of(run, key, str(started.value))) is not None:
            return told
    return _in_projects_of(run, key, run.position.file)


def _in_projects_of(run: Machine, key: str, importer: str) -> str | None:
    unit = run.sources.unit(importer) if importer else None
    found: str | None = None
    for root in unit.roots if unit is not None else ():
        for name in _FILES:
            if name not in run.sources.disk.entries(root):
                continue
            # Comments and trailing commas are allowed (JsonConfigurationFileParser of dotnet/runtime).
            value: object = parse_loose_json(run.sources.ground.read(f"{root}/{name}") or "")
            for part in key.split(":"):
                value = _part(value, part)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value):
                found = str(value)
        if found is not None:
            return found
    return found


def _part(value: object, name: str) -> object:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, str) and key.lower() == name.lower():
                return inner
    return None


def bound(run: Machine, cls: Value | None, section: Configuration, place: Place) -> Value:
    """An object of a class whose members are settings."""
    made: list[Value] = []
    for option in options(cls) if cls is not None else ():
        if isinstance(option, ClassValue):
            value = run.construct(option, CallSite((), {}, place))
            fill(run, value, section, place)
            made.append(value)
    if made:
        return join(*made)
    return section.index(Const(""), run, place) if section.prefix else UnknownValue("a setting", place, inert=True)


def fill(run: Machine, value: Value, section: Configuration, place: Place, depth: int = 3) -> None:
    """Write settings to the members of an object."""
    for option in options(value):
        if not isinstance(option, Instance) or depth == 0:
            continue
        for cls in option.cls.ancestry():
            for name, of in cls.definition.types if isinstance(cls, ClassValue) else ():
                inner = option.fields.get(name)
                if isinstance(inner, Instance):
                    fill(run, inner, section.section(Const(name)), place, depth - 1)
                elif _is_plain(of):
                    option.fields[name] = _with_default(section.index(Const(name), run, place), inner)


def _is_plain(of: ir.Expr) -> bool:
    return isinstance(of, ir.Name) and of.id in ("string", "String", "int", "long", "bool", "Uri", "double")


def _with_default(found: Value, inner: Value | None) -> Value:
    """A setting that is not given leaves what the object has."""
    text = as_text(inner) if isinstance(inner, Const) and isinstance(inner.value, str) else None
    if text is not None and text.parts and isinstance(found, TextValue):
        part = found.text.parts[0]
        if isinstance(part, EnvVar) and part.default is None:
            return TextValue(Text((EnvVar(part.name, text),)))
    return found


def _systems_manager(configuration: Configuration, site: CallSite, run: Machine) -> Value:
    """``AddSystemsManager(path)``, ``AddSystemsManager(source => source.Path = path)``."""
    path: Value | None = None
    for value in arguments(site):
        for option in options(value):
            if isinstance(option, FunctionValue):
                source = Object()
                run.call(option, (source,), site.place)
                path = source.fields.get("Path", path)
            elif isinstance(option, TextValue) or (isinstance(option, Const) and isinstance(option.value, str)):
                path = option
    given = {"Path": path if path is not None else UnknownValue("a path", site.place)}
    run.emit("ssm", "GetParametersByPath", given, site.place, SDK)
    return configuration


def _secrets(configuration: Configuration, site: CallSite, run: Machine) -> Value:
    """``AddSecretsManager(…)`` of Kralizek.Extensions.Configuration.AWSSecretsManager lists all secrets, and reads each
    that its options accept (https://github.com/Kralizek/AWSSecretsManagerConfigurationExtensions)."""
    run_functions(site, run)
    run.emit("secretsmanager", "ListSecrets", {}, site.place, SDK)
    given = {"SecretId": UnknownValue("a secret", site.place)}
    run.emit("secretsmanager", "GetSecretValue", given, site.place, SDK)
    return configuration


class AwsOptions(Model):
    """``AWSOptions``: a client that it makes is the function's own."""

    __slots__ = ()
    label = "the options of clients"
    ignores_assignments = True

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """``CreateServiceClient<IAmazonS3>()``."""
        return Function(name, _created) if name == "CreateServiceClient" else None


def _created(site: CallSite, run: Machine) -> Value:
    token = type_argument(site)
    made = [
        option.call(CallSite((), {}, site.place), run)
        for option in (options(token) if token is not None else ())
        if isinstance(option, Native) and option.names_a_client
    ]
    return join(*made) if made else UnknownValue("a client", site.place)


class ConfigurationType(Type):
    """The configuration as a type, and its builder."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A configuration."""
        return Configuration()

    def call(self, site: CallSite, run: Machine) -> Value:
        """A configuration."""
        return Configuration()


# options


class OptionsType(Type):
    """``IOptions<T>`` and its like."""

    __slots__ = ()

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type with its argument."""
        return OptionsOf(arguments[0]) if arguments else None


@dataclass(frozen=True, slots=True, eq=False)
class OptionsOf(Model):
    """``IOptions<T>`` of a ``T``."""

    label = "options"
    token: Value

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The options."""
        return Options(_options_of(run, self.token, site.place))


def _options_of(run: Machine, token: Value, place: Place) -> Value:
    """The object of a class as its configuration makes it."""
    made: list[Value] = []
    for option in options(token):
        if not isinstance(option, ClassValue):
            continue
        value = run.construct(option, CallSite((), {}, place))
        for told in run.heap.bindings.notes.get((OPTIONS, id(option)), ()):
            for one in options(told):
                if isinstance(one, Configuration):
                    fill(run, value, one, place)
                elif isinstance(one, Const) and isinstance(one.value, str):
                    fill(run, value, Configuration(one.value), place)
                elif isinstance(one, FunctionValue):
                    run.call(one, (value, Configuration()), place)
        made.append(value)
    return join(*made) if made else UnknownValue("options", place)


@dataclass(frozen=True, slots=True, eq=False)
class Options(Model):
    """``IOptions<T>``."""

    label = "options"
    value: Value

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """The object."""
        if name in ("Value", "CurrentValue"):
            return self.value
        return Function(name, lambda site, run: self.value) if name == "Get" else None


def _create(site: CallSite, run: Machine) -> Value:
    return Options(first_of(site))


_TYPES = {
    **{
        name: ConfigurationType(name)
        for name in ("IConfiguration", "IConfigurationRoot", "ConfigurationBuilder", "IConfigurationBuilder",
                     "ConfigurationManager", "IConfigurationManager", "IConfigurationSection")
    },
    **{name: OptionsType(name) for name in ("IOptions", "IOptionsMonitor", "IOptionsSnapshot")},
    "Options": Type("Options", {"Create": Function("Options.Create", _create)}),
    "AWSOptions": Type("AWSOptions", make=lambda site, run: AwsOptions()),
}  # fmt: skip


def module(name: str) -> Value | None:
    """A class by its whole name."""
    return _TYPES.get(name.rpartition(".")[2])
