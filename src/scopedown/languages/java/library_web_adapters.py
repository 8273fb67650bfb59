"""Adapters of web frameworks to Lambda that a handler of the project hands its requests to: those of AWS for Spring,
Jersey and Spark, and Micronaut's.

Sources: https://github.com/aws/serverless-java-container/wiki,
https://micronaut-projects.github.io/micronaut-aws/latest/guide/#apiProxy.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Value
from scopedown.core.place import Place
from scopedown.languages.java import web
from scopedown.languages.java.natives import Function, JavaClass, bound, computed

LANGUAGE = "java"
PACKAGES = ("com.amazonaws.serverless.proxy", "io.micronaut.function.aws.proxy")

_SERVING = ("proxy", "proxyStream", "handleRequest", "execute")


def module(name: str) -> Value | None:
    """A class of an adapter; None for the rest of the packages, which is data."""
    kind = name.rpartition(".")[2]
    return AdapterClass(name) if kind.endswith(("ContainerHandler", "LambdaHandler", "HandlerBuilder")) else None


class AdapterClass(JavaClass):
    """``SpringBootLambdaContainerHandler``: what it gives serves requests."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``getAwsProxyHandler(Application.class)``, a builder."""
        return Function(name, lambda site, run: Adapter(run.position.file))

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A handler or its builder."""
        return Adapter(run.position.file)


@dataclass(frozen=True, slots=True, eq=False)
class Adapter(Native):
    """A handler, or what builds one, made in a file of the project."""

    label = "an adapter of a web framework"
    file: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A request may take any route of the project."""
        if name in _SERVING:
            return bound(self, name, lambda site, run: web.serve(run, self.file, site.place))
        if name in ("close", "getContainerConfig", "stripBasePath", "activateSpringProfiles"):
            return computed(name)
        return bound(self, name, lambda site, run: self)
