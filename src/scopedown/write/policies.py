"""The list of policies in a template (``Policies`` of a SAM function, or of an AWS::IAM::Role) brought to what it must
be.

An entry is a policy of statements, a name or an ARN of a managed policy, one of SAM's policy templates
(https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html), or an
intrinsic function. Statements are settled one by one; a managed policy of AWS's whose actions are known, and a policy
template, give way to the statements that are needed; everything else stays and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scopedown.compare.doubt import CERTAIN, Doubt
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.text import SplicedText
from scopedown.project.model import DeclaredStatement
from scopedown.write.model import Kept, Statement
from scopedown.write.statements import Missing, Needed, as_it_is
from scopedown.write.texts import Changes, Steps, Texts

MANAGED = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, slots=True)
class PolicyList:
    """Where policies stand: the list's ``path`` in ``file``, the way from an entry to its document, and what a new
    entry with statements is."""

    file: str
    path: Steps
    document: Steps
    entry: Callable[[list[Statement]], dict[str, Any]]
    own: frozenset[str] = frozenset()
    """Managed policies that were written for the role: its references to them are no persons'."""


@dataclass
class PolicyChange:
    """What becomes of a list: entries and statements that go, statements that come, and what stays unjudged."""

    of: PolicyList
    read: Callable[[Text], Text]
    doubt: Doubt = CERTAIN
    gone: set[Steps] = field(default_factory=set)
    lists: dict[Steps, list[Steps]] = field(default_factory=dict)
    """The lists of statements, each with the statements of it that go."""
    kept: list[Kept] = field(default_factory=list)
    told: list[tuple[str, Place | None]] = field(default_factory=list)
    """Policies that are no statements and stay, each with why."""
    missing: Missing = field(default_factory=lambda: Missing(()))


def change_of(
    of: PolicyList,
    declared: Sequence[DeclaredStatement],
    wanted: Sequence[Needed],
    texts: Texts,
    read: Callable[[Text], Text] = as_it_is,
    doubt: Doubt = CERTAIN,
) -> PolicyChange:
    """Compare a list with the statements that are ``wanted``; ``declared`` are those of its role that a person wrote,
    ``doubt`` is what its functions may need too.

    Raises SpliceError where the list cannot be changed.
    """
    change = PolicyChange(of, read, doubt, missing=Missing(wanted, read))
    text = texts.of(of.file)
    inside: dict[Steps, list[tuple[DeclaredStatement, Steps | None]]] = {one: [] for one in _entries(text, of.path)}
    for statement in declared:
        path = (
            spot_of(statement.place, text) if statement.place is not None and statement.place.file == of.file else None
        )
        entry = next((it for it in inside if path is not None and path[: len(it)] == it), None)
        if entry is None:
            change.kept.append(Kept(statement.statement, statement.place, "it is not one of the role's own policies"))
        else:
            inside[entry].append((statement, path))
    for entry, statements in inside.items():
        _judge(entry, statements, text, change)
    return change


def _entries(text: SplicedText, path: Steps) -> list[Steps]:
    kind = text.kind(path)
    if kind == "sequence" and not text.tag(path):
        return [(*path, number) for number in text.keys(path)]
    return [path] if kind and not (kind == "scalar" and text.value(path) in ("", "~", "null")) else []


def spot_of(place: Place, text: SplicedText) -> Steps | None:
    """The path of the statement, or the policy, that begins at a place: an item, or the only value of ``Statement``."""
    for path in reversed(text.paths_at(place.line, place.column)):
        if isinstance(path[-1], int):
            return path
        if len(path) > 1 and path[-2] == "Statement":
            return path[:-1]
    for path in reversed(text.values_at(place.line, place.column)):
        return path
    for path in reversed(text.paths_at(place.line, place.column)):
        return path
    return None


def _judge(
    entry: Steps, statements: Sequence[tuple[DeclaredStatement, Steps | None]], text: SplicedText, change: PolicyChange
) -> None:
    listed = (*entry, *change.of.document, "Statement")
    if change.of.own and text.kind(entry) in ("scalar", "mapping") and _names(text.tree(entry)) in change.of.own:
        return
    line = next((one.place for one, _ in statements), None)
    if text.kind(entry) == "scalar" and not text.tag(entry):
        name = text.value(entry) or ""
        if why := why_managed_kept(name, change.doubt):
            change.told.append((f"kept the policy {name}: {why}", line))
        else:
            change.gone.add(entry)
    elif text.kind(entry) == "mapping" and not text.tag(entry) and text.has(listed) and not text.tag(listed):
        kind = text.kind(listed)
        whole = listed if kind == "mapping" else None
        change.lists.setdefault(listed, [])
        for one, path in statements:
            is_item = path is not None and (path == whole or (kind == "sequence" and path[:-1] == listed))
            if is_item and change.missing.take(one.statement) is not None:
                continue
            if why := _why(one, change) if is_item else "a condition chooses it":
                change.kept.append(Kept(one.statement, one.place, why))
            else:
                assert path is not None
                change.lists[listed].append(path)
    elif statements and _is_template(entry, text) and not any(_why(one, change) for one, _ in statements):
        change.gone.add(entry)
    else:
        known = (
            next((why for one, _ in statements if (why := _why(one, change))), "") if _is_template(entry, text) else ""
        )
        change.kept += [
            Kept(one.statement, one.place, known or "it comes from a policy that scopedown does not know")
            for one, _ in statements
        ]
        if not statements:
            change.told.append(("kept a policy that is chosen at deployment", line))


def _names(tree: Any) -> str:
    return str(tree["Ref"]) if isinstance(tree, dict) and set(tree) == {"Ref"} else ""


def names_in(of: PolicyList, texts: Texts) -> set[str]:
    """The managed policies that a list names, as ARNs."""
    text = texts.of(of.file)
    names = [
        text.value(entry) for entry in _entries(text, of.path) if text.kind(entry) == "scalar" and not text.tag(entry)
    ]
    return {name if name.startswith("arn:") else MANAGED + name for name in names if name}


def _why(one: DeclaredStatement, change: PolicyChange) -> str:
    return change.doubt.stays(one)


def why_managed_kept(name: str, doubt: Doubt) -> str:
    """Why a managed policy, by name or ARN, stays; empty where it gives way to what is needed."""
    return doubt.why_policy(name if ":" in name else MANAGED + name)


def _is_template(entry: Steps, text: SplicedText) -> bool:
    keys = text.keys(entry)
    return text.kind(entry) == "mapping" and not text.tag(entry) and len(keys) == 1 and str(keys[0]).endswith("Policy")


def spliced(change: PolicyChange, texts: Texts) -> Changes:
    """What is to be done. Raises SpliceError where that would touch other things."""
    found = _spliced(change, texts.of(change.of.file))
    texts.tried(found)
    return found


def _spliced(change: PolicyChange, text: SplicedText) -> Changes:
    of, new = change.of, [one.written for one in change.missing]
    counts = {path: len(text.keys(path)) if text.kind(path) == "sequence" else 1 for path in change.lists}
    lists = [path for path in change.lists if text.kind(path) == "sequence"]
    home = next((path for path in lists if change.lists[path]), next(iter(lists), None)) if new else None
    gone = set(change.gone)
    for path, leaving in change.lists.items():
        if len(set(leaving)) == counts[path] and path != home:
            gone.add(path[: len(path) - len(of.document) - 1])
        else:
            gone.update(leaving)
    every = _entries(text, of.path)
    emptied = bool(every) and all(one in gone for one in every)
    removed = tuple((of.file, path) for path in gone)
    whole = (of.file, of.path)
    if not new or home is not None:
        append = (((of.file, home), new),) if home is not None else ()
        return Changes(append=append, remove=(whole,) if emptied else removed)
    entry = of.entry(new)
    if not every or emptied:
        return Changes(set=((whole, [entry]),))
    if text.kind(of.path) == "sequence":
        return Changes(append=((whole, [entry]),), remove=removed)
    return Changes(set=((whole, [_tree(text, of.path), entry]),))


def _tree(text: SplicedText, path: Steps) -> Any:
    """The value of a single policy, to be written as an item."""
    value, tag = text.value(path), text.tag(path)
    if value is None or tag not in ("", "!Ref", "!Sub", "!ImportValue"):
        raise SpliceError(f"{text.name}: {'.'.join(map(str, path))} is one policy", Place(text.name), "write a list")
    return {tag[1:] if tag == "!Ref" else f"Fn::{tag[1:]}": value} if tag else value
