"""Takes unneeded actions out of statements that stay, because only the deployment knows one of their resources.

What such a statement is on cannot be narrowed, but an action that nothing needs is unneeded on any resource. In: the
roles as they were, and the texts of their files. Out: the roles as these texts have them then, so that all that is
written afterwards starts from there. A statement of which no action is needed goes as others do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from scopedown.compare.statement import Declared
from scopedown.compare.subject import Subject
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.model import Project
from scopedown.write.attached_policies import attached_places, common_places
from scopedown.write.before import Before
from scopedown.write.subjects import by_role, left_alone
from scopedown.write.texts import Changes, Spot, Texts, located


def trimmed(
    before: Before, keys: Collection[str], texts: Texts, read: Callable[[Mapping[Path, str]], Project]
) -> Before:
    """Take the actions out of the texts, for the roles whose functions all have one of the ``keys``. ``before`` itself,
    where nothing goes."""
    gone = tuple(_gone(before, keys, texts))
    if not gone:
        return before
    texts.carry_out(Changes(remove=gone))
    project = read(texts.overlay())
    by_key = {function.key: function for function in project.functions}
    functions = tuple(replace(one, function=by_key[one.function.key]) for one in before.scan.functions)
    return Before(replace(before.scan, project=project, functions=functions))


def _gone(before: Before, keys: Collection[str], texts: Texts) -> Iterator[Spot]:
    project = before.scan.project
    others = {*attached_places(project), *common_places(project)}
    for id, assuming in by_role(project.functions, keys).items():
        role = project.roles.get(id)
        if role is None or not role.declared or left_alone(role, assuming.others):
            continue
        subject = before.subject(assuming.functions)
        for one in subject.declared:
            if one.statement.place not in others and (unused := _unused(subject, one)):
                try:
                    spots = tuple(_items(one, unused, texts))
                    texts.tried(Changes(remove=spots))
                except SpliceError:
                    continue
                yield from spots


def _unused(subject: Subject, one: Declared) -> Collection[str]:
    """The actions to take out: none where the statement can be narrowed as a whole, or where all of them are unused."""
    if one.grant is not None or not one.is_plain or subject.from_template(one):
        return ()
    unused = {action for action in one.actions if subject.is_unused(action)}
    return unused if len(unused) < len({*one.actions}) else ()


def _items(one: Declared, unused: Collection[str], texts: Texts) -> Iterator[Spot]:
    """Where the actions are written; nowhere, where the list is not written as it is read."""
    file, path = located(one.statement.place, None, texts)
    text, listed = texts.of(file), (*path, "Action")
    if not text.has(listed) or text.kind(listed) != "sequence" or text.tag(listed):
        return
    items = [(*listed, number) for number in text.keys(listed)]
    if [text.value(item) for item in items if text.kind(item) == "scalar"] == [*one.actions]:
        yield from ((file, item) for item in items if text.value(item) in unused)
