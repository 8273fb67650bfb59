"""When an action is needed, or a parameter read, only with certain arguments: the catalog's ``when``.

==================  ==========================================================================================
``ACL``             it is given
``Version!``        it is surely given: nothing of what may hold it is unknown
``Mode=x``          it may have this value
``Code==auto``      it has this value at least once
``Statement^=SEL``  its text may begin so, whatever the case
``Statement^==ALT`` its text surely begins so, whatever the case
``Source~=text``    its known characters have this among them, whatever the case
``!…``              the opposite of any of them; of ``!Role``: it may be left out
==================  ==========================================================================================

Several separated by commas must all hold. Nothing: always.
"""

from __future__ import annotations

from collections.abc import Mapping

from scopedown.calls.model import Argument
from scopedown.core.text import Literal, Text
from scopedown.permissions.paths import is_passed, is_surely_given, values_at


def applies(when: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether ``arguments`` are such that ``when`` holds."""
    return all(_holds(one, arguments) for one in when.split(",") if one)


def _holds(when: str, arguments: Mapping[str, Argument]) -> bool:
    if when.startswith("!"):
        when = when[1:]
        if "^==" in when:  # of several texts one may begin otherwise
            path, _, wanted = when.partition("^==")
            values = tuple(values_at(arguments, path))
            return not values or any(not _surely_begins(value, wanted.lower()) for value in values)
        if "=" in when or when.endswith("!"):
            return not _holds(when, arguments)
        return not is_passed(arguments, when) or not is_surely_given(arguments, when)
    path, equals, wanted = when.partition("=")
    if not equals:
        return is_surely_given(arguments, path[:-1]) if path.endswith("!") else is_passed(arguments, path)
    if path.endswith("^") and wanted.startswith("="):
        return any(_surely_begins(value, wanted[1:].lower()) for value in values_at(arguments, path[:-1]))
    if wanted.startswith("="):
        return any(isinstance(one, Text) and one.literal == wanted[1:] for one in values_at(arguments, path))
    if path.endswith("^"):
        return any(_may_begin(value, wanted.lower()) for value in values_at(arguments, path[:-1]))
    if path.endswith("~"):
        return any(_shows(value, wanted) for value in values_at(arguments, path[:-1]))
    return any(_may_equal(value, wanted) for value in values_at(arguments, path))


def _may_equal(value: Argument, wanted: str) -> bool:
    if isinstance(value, Text):
        return value.literal is None or value.literal == wanted
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    return str(value) == wanted


def _may_begin(value: Argument, wanted: str) -> bool:
    if not isinstance(value, Text):
        return False
    if not value.parts or not isinstance(first := value.parts[0], Literal):
        return True
    known = first.value.lstrip().lower()
    return known.startswith(wanted) or (len(value.parts) > 1 and wanted.startswith(known))


def _surely_begins(value: Argument, wanted: str) -> bool:
    first = value.parts[0] if isinstance(value, Text) and value.parts else None
    return isinstance(first, Literal) and " ".join(first.value.lower().split()).startswith(wanted)


def _shows(value: Argument, wanted: str) -> bool:
    wanted = wanted.lower()
    parts = value.parts if isinstance(value, Text) else ()
    return any(isinstance(part, Literal) and wanted in part.value.lower() for part in parts)
