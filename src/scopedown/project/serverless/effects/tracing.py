"""serverless-plugin-tracing 2.0.0 (MIT), ``index.js``: X-Ray for every function, or for those that ask for it.

It sets ``TracingConfig`` of each function: ``Active`` with ``tracing: true`` of the function, or of the provider where
the function does not say ``false``; ``PassThrough`` otherwise. It grants nothing: the project has to.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    service = template.service
    everywhere = _is(service.provider.get("tracing"), True)
    for function in service.functions.values():
        own = function.get("tracing")
        active = _is(own, True) or (everywhere and not _is(own, False))
        if isinstance(function, dict):
            function["tracing"] = active


def _is(written: Any, wanted: bool) -> bool:
    return written is wanted or written == ("true" if wanted else "false")


EFFECT: Final = Effect(extend=_extend)
