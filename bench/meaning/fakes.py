"""Packages that stand in for the SDKs and note what is called, so that a program can be seen to make its call.

``python(folder)`` and ``javascript(folder)`` write them; each call is noted as ``SERVICE.METHOD``. They know the
methods of the bases and no others, so that a wrong name fails as with the real ones.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from meaning.bases import JAVASCRIPT, PYTHON

_BOTO3 = '''
"""Notes the calls that are made."""
import sys
import types

CALLS = []
METHODS = %r


class Answer(dict):
    def __missing__(self, key):
        return Answer()

    def read(self):
        return b"{}"


class Client:
    def __init__(self, service):
        self._service = service

    def get_paginator(self, name):
        return Paginator(self._service, name)


class Paginator:
    def __init__(self, service, name):
        self._service, self._name = service, name

    def paginate(self, **given):
        CALLS.append((self._service, self._name))
        return [Answer()]


class Part:
    def __init__(self, service, kind):
        self._service, self._kind = service, kind


def method(name):
    def call(self, **given):
        CALLS.append((self._service, name))
        return Answer()

    call.__name__ = name
    return call


CLASSES = {}


def made(base, service, names):
    key = base, service
    if key not in CLASSES:
        CLASSES[key] = type(base.__name__, (base,), {name: method(name) for name in names})
    return CLASSES[key]


class Resource:
    def __init__(self, service):
        self._service = service

    def __getattr__(self, kind):
        if not kind[0].isupper():
            raise AttributeError(kind)
        return lambda *given: made(Part, self._service, METHODS[self._service])(self._service, kind)


def client(service_name, **given):
    return made(Client, service_name, METHODS[service_name])(service_name)


def resource(service_name, **given):
    return Resource(service_name)


class Session:
    def __init__(self, **given):
        pass

    client = staticmethod(client)
    resource = staticmethod(resource)


session = types.ModuleType("boto3.session")
session.Session = Session
sys.modules["boto3.session"] = session
'''

_V2 = """
const calls = globalThis.meaningCalls ??= [];
const METHODS = %s;
class Request {
  constructor(service, method) { this.service = service; this.method = method; }
  send(callback) { calls.push(`${this.service}.${this.method}`); if (callback) callback(null, {}); return this; }
  promise() { this.send(); return Promise.resolve({ Body: Buffer.from("{}") }); }
}
function made(service, names) {
  const cls = class { constructor(options) { this.options = options; } };
  for (const name of names) cls.prototype[name] = function (input, callback) {
    const request = new Request(service, name);
    return callback ? request.send(callback) : request;
  };
  return cls;
}
for (const name of Object.keys(METHODS)) exports[name] = made(name, METHODS[name]);
exports.DynamoDB.DocumentClient = made("DocumentClient", METHODS.DocumentClient);
exports.config = { update() {} };
"""

_V3 = """
const calls = globalThis.meaningCalls ??= [];
const CLIENTS = %s, COMMANDS = %s, WHOLE = %s;
class Command { constructor(input) { this.input = input; } }
for (const name of COMMANDS) exports[name] = { [name]: class extends Command {} }[name];
class Client {
  constructor(options) { this.config = options; }
  send(command, ...rest) {
    if (!(command instanceof Command)) throw new Error("no command");
    calls.push(`${this.constructor.service}.${command.constructor.name}`);
    const done = rest[rest.length - 1];
    if (typeof done === "function") return done(null, {});
    return Promise.resolve({});
  }
  destroy() {}
  static from(client) { return new this(client); }
}
for (const name of CLIENTS) {
  exports[name] = { [name]: class extends Client {} }[name];
  exports[name].service = name;
}
for (const [name, methods] of Object.entries(WHOLE)) {
  exports[name] = { [name]: class extends Client {} }[name];
  exports[name].service = name;
  for (const method of methods) exports[name].prototype[method] = function (input, done) {
    calls.push(`${name}.${method}`);
    if (done) return done(null, {});
    return Promise.resolve({});
  };
}
exports.paginateListObjectsV2 = async function* ({ client }, input) { calls.push("paginateListObjectsV2"); yield {}; };
"""


def python(folder: Path) -> None:
    """Write the package ``boto3``."""
    methods: dict[str, list[str]] = {}
    for base in PYTHON:
        service = "events" if 'make("events")' in base.make else base.service
        methods.setdefault(service, []).append(base.method)
    (folder / "boto3.py").write_text(_BOTO3 % methods, encoding="utf-8")


def javascript(folder: Path) -> None:
    """Write the packages of both generations into ``node_modules``."""
    modules = folder / "node_modules"
    packages: dict[str, set[str]] = {}
    methods: dict[str, list[str]] = {"EventBridge": ["putEvents"], "StepFunctions": ["startExecution"]}
    whole: dict[str, list[str]] = {}
    for base in JAVASCRIPT:
        for package, names in base.imports:
            if package.startswith("@"):
                packages.setdefault(package, set()).update(re.findall(r"\w+", names))
        if found := re.search(r"AWS\.([\w.]+)\(", base.make):
            methods.setdefault(found[1].split(".")[-1], []).append(base.method)
        elif base.make in ("new S3({})", "new DynamoDB({})"):
            whole.setdefault(base.make[4:-4], []).append(base.method)
    methods.setdefault("DynamoDB", [])
    _package(modules / "aws-sdk", _V2 % json.dumps(methods))
    (modules / "aws-sdk" / "clients").mkdir(exist_ok=True)
    (modules / "aws-sdk" / "clients" / "stepfunctions.js").write_text("module.exports = require('..').StepFunctions;\n")
    packages["@aws-sdk/client-s3"].add("S3Client")
    for package, names in packages.items():
        commands = sorted(name for name in names if name.endswith("Command"))
        clients = sorted(name for name in names if name.endswith("Client"))
        own = {name: list_ for name, list_ in whole.items() if name in names}
        _package(modules / package, _V3 % (json.dumps(clients), json.dumps(commands), json.dumps(own)))


def _package(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    named = re.findall(r"const CLIENTS = (\[.*?\]), COMMANDS = (\[.*?\]), WHOLE = (\{.*\});", text)
    if named:  # so that node sees the names of a CommonJS module in an import
        names = [*json.loads(named[0][0]), *json.loads(named[0][1]), *json.loads(named[0][2]), "paginateListObjectsV2"]
        text += "if (0) {\n" + "".join(f"  exports.{name} = exports.{name};\n" for name in names) + "}\n"
    (folder / "index.js").write_text(text, encoding="utf-8")
    (folder / "package.json").write_text(json.dumps({"name": folder.name, "version": "1.0.0"}), encoding="utf-8")
