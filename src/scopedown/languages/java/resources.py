"""Files that stand beside the classes, as code reads them (``getResourceAsStream("/app.properties")``).

Source: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Class.html#getResourceAsStream(java.lang.String).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value
from scopedown.languages.java.natives import File, JavaClass, first_of, function
from scopedown.languages.java.properties import of_properties


def text_of(run: Machine, path: str) -> str | None:
    """The text of a file beside the classes of the present one's unit."""
    file = run.position.file
    unit = run.sources.unit(file)
    roots = tuple(dict.fromkeys(unit.roots)) if unit is not None else ()
    wanted = path.lstrip("/")
    beside = [posixpath.join(posixpath.dirname(file.replace("\\", "/")), wanted)] if not path.startswith("/") else []
    for root in roots:
        source = root.replace("\\", "/")
        beside += [posixpath.join(posixpath.dirname(source), "resources", wanted), posixpath.join(source, wanted)]
    return next((text for one in beside if (text := run.sources.ground.read(one)) is not None), None)


def pairs(run: Machine, value: Value) -> Mapping[str, Value] | None:
    """The properties in a file; None where it is not known."""
    text = text_of(run, value.path) if isinstance(value, File) else None
    return None if text is None else {key: Const(one) for key, one in of_properties(text)}


def load(value: Object, site: CallSite, run: Machine) -> Value:
    """``properties.load(stream)``."""
    known = pairs(run, first_of(site))
    if known is None:
        value.rest = UnknownValue("a property of a file", site.place, inert=True)
    else:
        value.fields.update(known)
    return Const(None)


def _bundle(site: CallSite, run: Machine) -> Value:
    name = first_of(site)
    if isinstance(name, Const) and isinstance(name.value, str):
        known = pairs(run, File("a resource", "/" + name.value.replace(".", "/") + ".properties"))
        if known is not None:
            return Object(dict(known))
    return Object({}, UnknownValue("a text of a ResourceBundle", site.place, inert=True))


BUNDLE: Final = JavaClass("java.util.ResourceBundle", {"getBundle": function("ResourceBundle.getBundle", _bundle)})
