"""YAML and JSON files as plain trees in which every key and item knows where it stands.

In: the bytes of a file. Out: a :class:`Document`, whose tree is made of :class:`MapNode` (a ``dict``),
:class:`ListNode` (a ``list``) and scalars. The scalar rules are those of js-yaml, which the framework reads
with, not PyYAML's (see :mod:`scopedown.documents.scalars`); CloudFormation's short tags become their long form
(``!GetAtt A.Arn`` → ``{"Fn::GetAtt": ["A", "Arn"]}``).

A file is the user's data: whatever it holds (bytes that are no text, an alias bomb, ten thousand levels) ends
quickly, as a tree or as one :class:`~scopedown.core.finding.ScopedownError` with a place. The tree is built from
parser events with a stack of our own, so no nesting reaches the interpreter's limit.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.documents.json_tree import JsonSyntaxError, json_tree
from scopedown.documents.nodes import ListNode, MapNode, clone
from scopedown.documents.scalars import key_text, plain_scalar, tagged_scalar

MAX_BYTES: Final = 16 * 1024 * 1024
"""Larger files are refused: the framework's own artifacts stay far below (CloudFormation takes 1 MB)."""
MAX_DEPTH: Final = 128
MAX_NODES: Final = 500_000
"""Nodes of a document after its aliases are expanded."""

_SHORT_TAGS: Final = {
    f"!{name}": (name if name in ("Ref", "Condition") else f"Fn::{name}")
    for name in (
        "And", "Base64", "Cidr", "Condition", "Equals", "FindInMap", "GetAtt", "GetAZs", "GetStackOutput", "If",
        "ImportValue", "Join", "Not", "Or", "Ref", "Select", "Split", "Sub", "Transform",
    )
}  # fmt: skip
"""The tags that the framework's YAML schema knows (osls 4.3.1, cloudformation-schema)."""

_TEMPLATE_TAGS: Final = _SHORT_TAGS | {f"!{name}": f"Fn::{name}" for name in ("Contains", "Length", "ToJsonString")}
"""Those of CloudFormation's own templates, with the language extensions and the functions of rules
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something read that deserves a word: ``code`` names it, ``text`` is what was written."""

    code: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read. ``file`` is how it is named in places."""

    path: Path
    file: str
    tree: Any
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Files:
    """The files of one run, each read and parsed once. ``root`` is the project's folder; ``texts`` are known."""

    root: Path
    texts: dict[Path, str | None] = field(default_factory=dict)
    _documents: dict[tuple[Path, bool], Document] = field(default_factory=dict)
    _broken: dict[tuple[Path, bool], ScopedownError] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        """How a file is called in places: relative to the project's folder, with forward slashes."""
        try:
            return Path(os.path.relpath(path, self.root)).as_posix()
        except ValueError:  # another drive on Windows
            return path.as_posix()

    def text(self, path: Path) -> str | None:
        """The file's text, None where there is no such file; anything else that cannot be read is an error."""
        if path not in self.texts:
            self.texts[path] = read_text(path, self.name(path))
        return self.texts[path]

    def document(self, path: Path, template: bool = False) -> Document | None:
        """The file's tree (YAML, or JSON by its suffix), None where there is no such file.

        ``template``: read it as CloudFormation reads its templates (see :func:`parse_yaml`), which takes YAML under any
        name.
        """
        known = self._documents.get((path, template))
        if known is not None:
            return known
        text = self.text(path)
        if text is None:
            return None
        if (broken := self._broken.get((path, template))) is not None:
            raise broken
        try:
            if path.suffix in (".json", ".tfstate") and not (template and text.lstrip()[:1] not in ("{", "[", "")):
                document = parse_json(text, self.name(path), path)
            else:
                document = parse_yaml(text, self.name(path), path, template)
        except ScopedownError as error:
            self._broken[path, template] = error
            raise
        self._documents[path, template] = document
        return document


def read_text(path: Path, name: str) -> str | None:
    """A text file as UTF-8, its byte order mark removed; None where it does not exist."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ScopedownError(f"{name} is a folder, not a file", Place(name), "give the path of a file")
        if not stat.S_ISREG(status.st_mode):
            raise ScopedownError(  # a pipe would wait for its writer, a device may never end
                f"{name} is not a regular file", Place(name), "give the path of a file"
            )
        if status.st_size > MAX_BYTES:
            raise ScopedownError(
                f"scopedown did not read {name}, because it is larger than {MAX_BYTES // 2**20} MB",
                Place(name),
                "split the file, or check that it is a configuration file",
            )
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:  # a NUL in the path
        raise ScopedownError(f"{name!r} is not a valid file name: {error}", None, "correct the path") from error
    except OSError as error:
        raise ScopedownError(
            f"scopedown cannot read {name[:200]}: {error.strerror or error}",
            Place(name[:200]),
            "check the path and the file's permissions",
        ) from error
    if (encoding := wide_encoding(data)) is not None:
        raise ScopedownError(f"{name} is {encoding.upper()}, not UTF-8", Place(name), "save the file as UTF-8")
    if b"\0" in data:
        raise ScopedownError(f"{name} is not a text file (it contains NUL bytes)", Place(name), "save it as UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ScopedownError(
            f"{name} is not UTF-8: byte 0x{data[error.start]:02x} is not a character", Place(name, line, column),
            "save the file as UTF-8",
        ) from error  # fmt: skip


def wide_encoding(data: bytes) -> str | None:
    """``utf-32`` or ``utf-16`` with its byte order, where text begins so: by its mark, or by an ASCII character that
    takes two bytes."""
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return encoding
    if len(data) > 3 and data[1] == 0 and data[0] and data[2] and data[3] == 0:
        return "utf-16-le"
    if len(data) > 3 and data[0] == 0 and data[1] and data[2] == 0 and data[3]:
        return "utf-16-be"
    return None


def parse_yaml(text: str, name: str, path: Path | None = None, template: bool = False) -> Document:
    """YAML text as js-yaml reads it with the framework's schema; raises ScopedownError with the place of an error.

    ``template``: as CloudFormation reads its templates, which know more tags and take a key that is written twice (the
    last one counts; the remark ``repeated-key`` says so).
    """
    builder = _Builder(name, template=template)
    try:
        builder.run(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        unclosed = "end of stream" in (error.problem or "")  # where it began says more than the end of the file
        mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise ScopedownError(
            f"{name} is not valid YAML: {error.problem or error.context}", place, "correct the file at this place"
        ) from error
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
        raise ScopedownError(
            f"{name} is not valid YAML: a control character is not allowed", Place(name, line, column),
            "remove the character",
        ) from error  # fmt: skip
    except yaml.YAMLError as error:
        raise ScopedownError(f"{name} is not valid YAML: {error}", Place(name), "correct the file") from error
    if builder.is_empty:
        builder.remarks.append(Remark("empty", "", Place(name)))
    return Document(path or Path(name), name, builder.tree, tuple(builder.remarks))


def parse_json(text: str, name: str, path: Path | None = None) -> Document:
    """JSON text; the same tree as :func:`parse_yaml` gives. Raises ScopedownError with the place of an error."""
    count = 0

    def grow(at: Place) -> None:
        nonlocal count
        count += 1
        if count > MAX_NODES:
            raise ScopedownError(f"{name} has more than {MAX_NODES} values", at, "split the file")

    try:
        tree = json_tree(text, name, MAX_DEPTH, grow)
    except JsonSyntaxError as error:
        raise ScopedownError(f"{name} is not valid JSON: {error}", error.place, "correct the file") from error
    return Document(path or Path(name), name, tree)


@dataclass(slots=True)
class _Frame:
    """A container under construction."""

    node: Any
    tag: str | None
    anchor: str | None
    at: Place
    key: str | None = None
    key_at: Place | None = None
    merges: list[tuple[Any, Place]] = field(default_factory=list)
    size: int = 1


@dataclass(slots=True)
class _Builder:
    """Builds one document's tree from parser events."""

    name: str
    template: bool = False
    tree: Any = None
    remarks: list[Remark] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    _documents: int = 0
    _nodes: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether no document was seen at all."""
        return self._documents == 0

    def run(self, events: Iterator[Any]) -> None:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._open(event, MapNode(None, self._at(event)))
            elif kind is yaml.SequenceStartEvent:
                self._open(event, ListNode(None, self._at(event)))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    raise ScopedownError(
                        f"{self.name} has more than one YAML document", self._at(event),
                        "keep one document in a file",
                    )  # fmt: skip

    def _at(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1)

    def _grow(self, size: int, at: Place) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise ScopedownError(f"{self.name} expands to more than {MAX_NODES} values", at, "remove repeated aliases")

    def _open(self, event: Any, node: Any) -> None:
        at = node.place
        if len(self._stack) >= MAX_DEPTH:
            raise ScopedownError(
                f"{self.name} is nested deeper than {MAX_DEPTH} levels", at, "nest its values less deeply"
            )
        self._grow(1, at)
        self._stack.append(_Frame(node, event.tag, event.anchor, at))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.merges:
            self._merge(frame)
        value = self._tagged(frame.node, frame.tag, frame.at)
        if frame.anchor:
            self._anchors[frame.anchor] = (value, frame.size)
        self._place(value, frame.at, frame.size)

    def _scalar(self, event: Any) -> None:
        at = self._at(event)
        self._grow(1, at)
        tag, text = event.tag, event.value
        plain = event.implicit[0] and not event.style
        value: Any = text
        if tag is None or tag == "!":
            if plain and tag is None:
                value = plain_scalar(text)
                if text.isdigit() and len(text) == 12 and text[0] == "0":
                    self.remarks.append(Remark("account-leading-zero", text, at))
        elif tag in (_TEMPLATE_TAGS if self.template else _SHORT_TAGS):
            value = self._tagged(text, tag, at)
        else:
            known, value = tagged_scalar(tag, text)
            if not known:
                raise self._unknown_tag(tag, at)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._place(value, at, 1, merge_key=plain and text == "<<")

    def _alias(self, event: Any) -> None:
        at = self._at(event)
        found = self._anchors.get(event.anchor)
        if found is None:
            raise ScopedownError(
                f"{self.name} has the alias *{event.anchor} without an anchor before it", at, "correct the alias"
            )
        value, size = found
        self._grow(size, at)
        self._place(clone(value), at, size)

    def _tagged(self, value: Any, tag: str | None, at: Place) -> Any:
        """A value with its explicit tag applied."""
        if tag is None or tag == "!" or tag in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            return value
        name = (_TEMPLATE_TAGS if self.template else _SHORT_TAGS).get(tag)
        if name is None:
            raise self._unknown_tag(tag, at)
        if name == "Fn::GetAtt" and isinstance(value, str):
            first, _, rest = value.partition(".")
            value = ListNode([first, rest], at)
            value.items_at = [at, at]
        node = MapNode(None, at)
        node[name] = value
        node.keys_at[name] = node.values_at[name] = at
        return node

    def _unknown_tag(self, tag: str, at: Place) -> ScopedownError:
        return ScopedownError(
            f"{self.name} has the unknown tag {tag}", at, "use one of CloudFormation's tags, such as !Ref or !GetAtt"
        )

    def _place(self, value: Any, at: Place, size: int, merge_key: bool = False) -> None:
        """Put a finished value into the container around it."""
        if not self._stack:
            self.tree = value
            return
        frame = self._stack[-1]
        frame.size += size
        node = frame.node
        if isinstance(node, ListNode):
            node.append(value)
            node.items_at.append(at)
        elif frame.key_at is None:
            frame.key = None if merge_key else key_text(value)
            frame.key_at = at
            if frame.key is not None and frame.key in node and self.template:
                self.remarks.append(Remark("repeated-key", frame.key, at))
            elif frame.key is not None and frame.key in node:
                raise ScopedownError(
                    f"{self.name} repeats the key {frame.key!r} in one mapping (first at line "
                    f"{node.keys_at[frame.key].line})",
                    at,
                    "keep one of them",
                )
        elif frame.key is None:
            frame.merges.append((value, frame.key_at))
            frame.key_at = None
        else:
            node[frame.key] = value
            node.keys_at[frame.key] = frame.key_at
            node.values_at[frame.key] = at
            frame.key = frame.key_at = None

    def _merge(self, frame: _Frame) -> None:
        """Apply ``<<``: keys that the mapping does not have itself; the first source that has a key wins."""
        node = frame.node
        for value, at in frame.merges:
            for source in value if isinstance(value, ListNode) else [value]:
                if not isinstance(source, MapNode):
                    raise ScopedownError(
                        f"{self.name} merges a value that is not a mapping with <<",
                        at,
                        "merge a mapping, or a list of them",
                    )
                for key, item in source.items():
                    if key not in node:
                        node[key] = clone(item)
                        node.keys_at[key] = source.keys_at.get(key, at)
                        node.values_at[key] = source.values_at.get(key, at)
