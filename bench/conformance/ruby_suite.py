"""ruby/spec as programs: the body of an ``it`` is the handler, and an SDK call is in it or after it."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from conformance.programs import HERE, TRIES, Made, drawn, serverless_project

CALL = "CLIENT.put_item(table_name: 't', item: {})"
RUBY = os.environ.get("RUBY", "ruby")

_SDK = "require 'aws-sdk-dynamodb'\n\nCLIENT = Aws::DynamoDB::Client.new\n"
_PUT = f"PUT = ->(*) {{ {CALL} }}\n"
_MATCHERS = {
    "==": "({0}) == ({1})", "!=": "({0}) != ({1})", "equal": "({0}).equal?({1})", "eql": "({0}).eql?({1})",
    "be_true": "({0}) == true", "be_false": "({0}) == false", "be_nil": "({0}).nil?",
    ">": "({0}) > ({1})", "<": "({0}) < ({1})", ">=": "({0}) >= ({1})", "<=": "({0}) <= ({1})",
    "=~": "!(({0}) =~ ({1})).nil?", "include": "({0}).include?({1})", "be_empty": "({0}).empty?",
    "be_an_instance_of": "({0}).instance_of?({1})", "be_kind_of": "({0}).is_a?({1})",
}  # fmt: skip
"""The condition that a matcher tests, of the value and what it is given."""
_WORDS = "|".join(f"{re.escape(one)}(?!\\?)" for one in _MATCHERS)
_SHOULD = re.compile(
    rf"^(\s*)(.+?)\.(should|should_not)[ .]({_WORDS}|raise_error|raise)(?: (?!\()(.*)|\((.*)\)| \((.*)\)|)$"
)
_DOTTED = re.compile(r"^(\s*)(.+?)\.(should|should_not)\.(\w+\?)(?:(\(.*\))| (.+))?$")
_CLOSED = re.compile(r"^(\s*)(\}|end|\])\.((?:should|should_not)\b.*)$")
_RECEIVED = re.compile(r"^(\s*)(.+?)\.(stub!|should_receive|should_not_receive)\((:[\w?!=\[\]<>+*/%~^&|-]+)\)(.*)$")
_ANY_SHOULD = re.compile(r"^(\s*)(.+?)\.(?:should|should_not)\b(.*)$")
_CASE = (HERE / "ruby_case.rb").read_text("utf-8")
_LIBRARIES = {
    "datetime": "date", "openstruct": "ostruct", "stringscanner": "strscan", "optionparser": "optparse",
    "net-ftp": "net/ftp", "io-wait": "io/wait",
}  # fmt: skip
"""What the folders of library/ are required as, where that is not their names."""
_HELPERS = frozenset(re.findall(r"^(?:def|module) (\w+)", _CASE, re.MULTILINE))
_LITERAL = re.compile(r"(?<![\w.:@$'\"])(:\w+|\d+|'\w+'|\"\w+\")(?![\w.:'\"?!])")
_UNLESS = re.compile(r"^(\s*)raise 'no' unless (.*)$")
_RESCUE = re.compile(r"^(\s*)begin; (.*); raise NotImplementedError; rescue (.*); end$")

Lines = list[str]


class Ruby:
    """ruby/spec."""

    name = "ruby"
    forms = ("end", "inside", "gate", "flow")
    suffix = ".rb"
    runtime = "ruby3.3"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        given = {}
        plain = {}
        for path, at in drawn(_tests(suite), limit, seed):
            name = f"{path.relative_to(suite)}:{at + 1}"
            test = _test(path, at)
            if test is None:
                yield Made(name, dropped="uses helpers of the suite")
                continue
            before, body = test
            places = _PLACES[form](body)
            if not places:
                yield Made(name, dropped="no place for the form")
                continue
            random.Random(f"{seed} {name}").shuffle(places)
            plain[name] = _text(path, before, body, form)
            given[name] = [_text(path, before, place, form) for place in places[:TRIES]]
        for name, found in _happening(given, plain).items():
            yield Made(name, found.get("text", ""), _why(found, form))

    def happens(self, texts: dict[str, str]) -> set[str]:
        found = _happening({name: [text] for name, text in texts.items()}, texts)
        return {name for name, one in found.items() if "text" in one}

    def small(self, text: str) -> str:
        top, body = _definitions(text.replace("CALL", CALL))
        return (
            f"{_SDK}{_PUT}\n{top}\ndef handler(event:, context:)\n{textwrap.indent(body.strip(chr(10)), '  ')}\nend\n"
        )

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        serverless_project(folder, texts, self.runtime, self.suffix)


def _tests(suite: Path) -> list[tuple[Path, int]]:
    """The file and the line, from 0, of each ``it``."""
    return [
        (path, at)
        for part in ("core", "language", "library")  # what remains starts ruby itself, or needs compiled extensions
        for path in sorted((suite / part).rglob("*_spec.rb"))
        for at, line in enumerate(path.read_text("utf-8", errors="replace").splitlines())
        if re.match(r"\s*it ['\"].* do\s*$", line)
    ]


def _happening(given: dict[str, Lines], plain: dict[str, str]) -> dict[str, dict[str, Any]]:
    """For each name the first of its texts whose call happens, or whether the test fails by itself."""
    tests = "".join(
        json.dumps({"name": name, "plain": plain[name], "candidates": texts}) + "\n" for name, texts in given.items()
    )
    command = [RUBY, "-W0", str(HERE / "ruby_programs.rb")]
    done = subprocess.run(command, input=tests, capture_output=True, text=True)
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


def _why(found: dict[str, Any], form: str) -> str:
    """Why there is no program; empty where there is one."""
    if "text" in found:
        return ""
    if found["fails"]:
        return "the test itself fails on this ruby"
    return "the call does not happen" if form == "end" else "no place for the form that is reached"


def _definitions(text: str) -> tuple[str, str]:
    """Classes and modules, which cannot be within a method, and the rest."""
    found = re.match(r"(?s)((?:(?:class|module) .*?\nend\n)*)(.*)", text)
    return (found[1], found[2]) if found else ("", text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block(lines: Lines, at: int) -> Lines:
    indent = _indent(lines[at])
    end = next(
        (i for i in range(at + 1, len(lines)) if _indent(lines[i]) == indent and lines[i].lstrip().startswith("end")),
        at,
    )
    return [line[indent:] for line in lines[at + 1 : end]]


def _test(path: Path, at: int) -> tuple[Lines, Lines] | None:
    """The lines of each ``before`` around the test, and its own; None where it needs the suite's helpers."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    before: list[Lines] = []
    level = _indent(lines[at])
    for number in range(at, -1, -1):
        here = _indent(lines[number])
        if not lines[number].strip() or here > level:
            continue
        if re.match(r"\s*before\b.* do\s*$", lines[number]):
            before.insert(0, _block(lines, number))
        else:
            level = min(level, here)
    body = []
    for line in _block(lines, at):
        if not line.strip().startswith("#"):
            plain = _plain(line)
            if plain is None:
                return None
            body.append(plain)
    return [line for block in before for line in block], body


def _plain(line: str) -> str | None:
    """The line without the suite's words; None where it has others of them."""
    line = _mocked(line)
    if found := _CLOSED.match(line):  # what is asserted began on an earlier line
        space, end, rest = found.groups()
        asserted = _plain(f"given.{rest}")
        return None if asserted is None else f"{space}{end}.then {{ |given| {asserted} }}"
    if found := _DOTTED.match(line):
        space, value, should, method, given, bare = found.groups()
        given = given or (f"({bare})" if bare else "")
        return f"{space}raise 'no' unless {'' if should == 'should' else '!'}({value}).{method}{given}"
    if found := _SHOULD.match(line):
        space, value, should, matcher, *any_given = found.groups()
        given = next(filter(None, any_given), "")
        if matcher in _MATCHERS:
            condition = _MATCHERS[matcher].format(value, given)
            return f"{space}raise 'no' unless {condition if should == 'should' else f'!({condition})'}"
        if matcher in ("raise", "raise_error") and should == "should":
            error = given.split(",")[0] or "StandardError"
            return f"{space}begin; ({value}).call; raise NotImplementedError; rescue {error}; end"
    if found := _ANY_SHOULD.match(line):  # a matcher that is not known: what it is given is computed
        space, value, rest = found.groups()
        if not re.search(r"(?:[{,(|]|\bdo(?: \|.*\|)?)\s*$", rest):
            return f"{space}({value}).then {{ |given| given.call if given.is_a?(Proc) }}"
    return None if re.search(r"\.should|ruby_exe|it_behaves_like|it_should_behave", line) else line


def _mocked(line: str) -> str:
    """The line with plain objects instead of mocks."""
    line = re.sub(r"\bmock(?:_numeric|_int)?\((?:[^()]|\([^()]*\))*\)", "Object.new", line)
    if found := _RECEIVED.match(line):
        space, value, word, name, rest = found.groups()
        if word == "should_not_receive":
            return f"{space}{value}"
        gives = re.search(r"\.and_return\((.*)\)$", rest)
        fails = re.search(r"\.and_raise\((.*)\)$", rest)
        does = f"raise({fails[1]})" if fails else gives[1] if gives else "nil"
        return f"{space}{value}.define_singleton_method({name}) {{ |*| {does} }}"
    return line


def _text(path: Path, before: Lines, body: Lines, form: str) -> str:
    words = "\n".join([*before, *body])
    whole = path.read_text("utf-8", errors="replace")
    fixtures = "".join(f"require {one}\n" for one in re.findall(r"(?m)^ *require (['\"][\w/.-]+['\"])", whole))
    if "library" in path.parts[-5:]:
        library = path.parts[path.parts.index("library") + 1]
        fixtures += f"require '{_LIBRARIES.get(library, library.replace('-', '/'))}'\n"
    required = r"^require_relative ['\"](.*(?:fixtures|shared)/.*)['\"]"
    for name in re.findall(required, whole, re.MULTILINE):
        fixture = path.parent / f"{name.removesuffix('.rb')}.rb"
        if fixture.exists() and re.search(r"\b[A-Z]\w*Specs?\b", words):
            text = fixture.read_text("utf-8", errors="replace")
            fixtures += re.sub(r"(?m)^(?:require_relative|.*autoload) .*\n", "", text) + "\n"
    if not _HELPERS.isdisjoint(re.findall(r"\w+", fixtures + words)):
        fixtures = _CASE + fixtures
    return f"{_SDK}{_PUT if form == 'flow' else ''}{fixtures}\ndef handler(event:, context:)\n{words}\nend\n"


def _end(body: Lines) -> list[Lines]:
    return [[*body, f"  {CALL}"]]


def _inside(body: Lines) -> list[Lines]:
    return [
        [*body[:at], CALL, *body[at:]]
        for at in range(1, len(body))
        if body[at - 1].startswith("    ") or body[at].startswith("    ")
    ]


def _gate(body: Lines) -> list[Lines]:
    made = []
    for at, line in enumerate(body):
        if found := _UNLESS.match(line):
            space, condition = found.groups()
            instead = [f"if {condition}", f"  {CALL}", "end"]
        elif found := _RESCUE.match(line):
            space, value, error = found.groups()
            instead = ["begin", f"  {value}", f"rescue {error}", f"  {CALL}", "end"]
        else:
            continue
        made.append([*body[:at], *(space + one for one in instead), *body[at + 1 :]])
    return made


def _flow(body: Lines) -> list[Lines]:
    made = []
    for at, line in enumerate(body):
        found = re.match(r"^(\s*)raise 'no' unless \((.*)\) == \((.*)\)$", line)
        if found is None:
            continue
        space, value, expected = found.groups()
        for literal in dict.fromkeys(_LITERAL.findall(expected)):
            replaced = [_with_put(other, literal) for other in body]
            asserted = _with_put(value, literal)
            item = _item(expected, literal)
            others = [one for number, one in enumerate(replaced) if number != at]
            if item is not None and any("PUT" in one for one in (asserted, *others)):
                made.append([*replaced[:at], f"{space}({asserted}){item}.call", *replaced[at + 1 :]])
    return made


def _with_put(text: str, literal: str) -> str:
    return _LITERAL.sub(lambda one: "PUT" if one[1] == literal else one[0], text)


def _item(expected: str, literal: str) -> str | None:
    """What leads from the expected value to the literal: nothing, or an index of an array."""
    if literal == expected:
        return ""
    inner = re.fullmatch(r"\[([^\[]*)\]", expected)
    parts = [part.strip() for part in inner[1].split(",")] if inner else []
    return f"[{parts.index(literal)}]" if literal in parts else None


_PLACES: dict[str, Callable[[Lines], list[Lines]]] = {"end": _end, "inside": _inside, "gate": _gate, "flow": _flow}

SUITE = Ruby()
