"""What ``sam build`` has a Makefile put into a function or a layer: the copies of its target ``build-NAME``.

In: the folder of the code, the resource's logical id and its ``Metadata``. Out: what the artifact holds. The Makefile
stands in the folder of the code, or where ``WorkingDirectory`` says; ``ARTIFACTS_DIR`` is the artifact's folder
(https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any, Final

from scopedown.project.code.build_commands import Commands
from scopedown.project.code.build_scripts import make_target, npm_script
from scopedown.project.code.copies import Laid
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.makefiles import name_of, read_makefile

_ARTIFACT: Final = "/\x02artifacts"
"""Where the artifact stands: a folder that no repository has."""
_LONGEST: Final = 300_000


def made_by_make(sources: Sources, folder: str, id: str, metadata: Mapping[str, Any]) -> list[Laid]:
    """What the artifact of a resource holds, the latest first; nothing where no Makefile builds it.

    ``id``: SAM gives layers a logical id of their own, which begins with the one that the target is named by.
    """
    if metadata.get("BuildMethod") != "makefile":
        return []
    own = id.rpartition("/")[2]
    working = metadata.get("WorkingDirectory")
    places = [posixpath.join(folder, working)] if isinstance(working, str) else []
    for place in [*places, folder]:
        top = sources.absolute(place)
        for path in name_of(top):
            text = sources.text(sources.relative(path))
            if text is None or len(text) > _LONGEST:
                continue
            makefile = read_makefile(text)
            fitting = [rule for rule in makefile.rules if own.startswith(rule.target.removeprefix("build-"))]
            built = [rule for rule in fitting if rule.target.startswith("build-")]
            if not built:
                continue
            commands = Commands(
                sources, top, variables={"ARTIFACTS_DIR": _ARTIFACT}, npm=npm_script, make=make_target
            )  # fmt: skip
            commands.copies.folders.add(_ARTIFACT)
            makefile.run(max(built, key=lambda rule: len(rule.target)), commands)
            return [laid for laid in commands.copies.below(_ARTIFACT) if _ARTIFACT not in laid.source]
    return []
