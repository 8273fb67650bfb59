"""Requests that code signs and sends by itself: which operation a signed request is.

The service is the name in the signature's scope. Which actions guard such requests is in the catalog's
``requests.tsv``; a request for another service (a hand-made call of an API that an SDK has) is a part of the code that
was not seen, limited to that service.
Signing names: https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html (``appsync``),
https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html (``execute-api``),
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/request-signing.html (``es``),
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-clients.html (``aoss``),
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html (``lambda``).
"""

from __future__ import annotations

import re

from scopedown.calls.builtins.url_parts import HOSTS, UrlPart
from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, UnknownValue, Value, as_text, from_text, join, options
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text

SDK = "signed"

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def sign(
    run: Machine,
    service: Value | None,
    method: Value | None,
    url: Value | None,
    place: Place,
    credentials: Value | None = None,
    sdk: str = SDK,
) -> None:
    """Record a signed request; what the service is not known of, or is another one, was not seen.

    ``url`` is an address with or without its scheme; ``method`` an HTTP verb, GET where there is none.
    """
    address = url if url is not None else UnknownValue("the address of a request", place)
    if service is None and not _is_at_another_vendor(address):
        _not_told(run, None, place, credentials)
    for option in options(service) if service is not None else ():
        name = option.value if isinstance(option, Const) else None
        if name == "appsync":
            run.emit("appsync", "GraphQL", {"url": address}, place, sdk, credentials)
        elif name == "execute-api":
            arguments = {"url": address, "method": _upper(method)}
            run.emit("execute-api", "Invoke", arguments, place, sdk, credentials)
        elif name == "es":
            for verb in options(_upper(method)):
                if isinstance(verb, Const) and verb.value in METHODS:
                    operation = f"ESHttp{str(verb.value).capitalize()}"
                    run.emit("es", operation, {"url": address}, place, sdk, credentials)
                elif not isinstance(verb, Const):
                    _not_told(run, "es", place, credentials)
        elif name == "aoss":
            run.emit("opensearchserverless", "APIAccessAll", {"url": address}, place, sdk, credentials)
        elif name == "lambda" and not _is_the_api(address):
            run.emit("lambda", "InvokeFunctionUrl", {"url": address}, place, sdk, credentials)
        elif not isinstance(option, Const) or isinstance(name, str):
            _not_told(run, name if isinstance(name, str) else None, place, credentials)


def _not_told(run: Machine, name: str | None, place: Place, credentials: Value | None) -> None:
    """A request that the code signs with the function's own credentials, and that is none of the above."""
    if credentials is not None:
        return
    prefixes = {
        service.prefix for service in run.catalog.services() if name and name in (service.signing_name, service.prefix)
    }
    may_call = tuple(f"{prefix}:*" for prefix in sorted(prefixes) if prefix) or _BY_PREFIX.get(name or "", ("*",))
    what = f"a request that the code signs for {name or 'a service that is not known'}"
    remedy = "say what it needs in a hint (# scopedown: needs …)"
    key = (Cause.DISPATCH, what)
    run.found.unseen.setdefault(key, Unseen(Cause.DISPATCH, what, place, may_call, remedy))


_BY_PREFIX = {name: (f"{name}:*",) for name in ("kafka-cluster", "neptune-db", "rds-db")}
"""IAM prefixes that are signing names of no SDK's service."""


def _is_at_another_vendor(address: Value) -> bool:
    """Whether every address is known to be no AWS one: another vendor checks the signature."""
    texts = [as_text(option) for option in options(address)]
    return all(
        text is not None
        and isinstance(first := text.parts[0] if text.parts else None, Literal)
        and (host := _HOST.match(first.value)) is not None
        and not host[1].endswith((".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".api.aws"))
        for text in texts
    )


_HOST = re.compile(r"(?:https?://)?([\w.-]+\.[a-z]{2,}|localhost)(?=[/:?]|$)")


def _upper(method: Value | None) -> Value:
    found = [
        Const(option.value.upper()) if isinstance(option, Const) and isinstance(option.value, str) else option
        for option in (options(method) if method is not None else (Const("GET"),))
    ]
    return join(*(Const("GET") if isinstance(value, Const) and value.value is None else value for value in found))


def _is_the_api(address: Value) -> bool:
    """Whether a request goes to Lambda's own API (``lambda.REGION.amazonaws.com``) and not to a function's URL."""
    text = as_text(address)
    first = text.parts[0] if text is not None and text.parts else None
    if not isinstance(first, Literal):
        return False
    return first.value.removeprefix("https://").startswith("lambda.")


def located(host: Value | None, path: Value | None) -> Value:
    """The address of a request to ``path`` on ``host``."""
    if host is None:
        return UnknownValue("the address of a request")
    return join(*(_located(option, path) for option in options(host)))


def _located(host: Value, path: Value | None) -> Value:
    if isinstance(host, UrlPart) and host.name in HOSTS:
        if path is None or isinstance(path, UrlPart):
            return from_text(host.url)
        return from_text(Text.of(host.url, Text.unknown("a path below the URL")))
    text = as_text(host)
    if text is None:
        return UnknownValue("the host of a request")
    below = as_text(path) if path is not None and not isinstance(path, UrlPart) else None
    if below is None:
        return from_text(Text.of(text, "/", Text.unknown("the path of a request")) if path is not None else text)
    slash = "" if below.parts and isinstance(f := below.parts[0], Literal) and f.value.startswith("/") else "/"
    return from_text(Text.of(text, slash, below))


def service_of_host(host: Value) -> Value | None:
    """The service that a host names, where the signer takes it from there: of ``API.execute-api.REGION.amazonaws.com``,
    ``NAME.REGION.es.amazonaws.com`` and their like."""
    text = as_text(host)
    last = text.parts[-1] if text is not None and text.parts else None
    if text is None or not any(isinstance(part, Literal) and ".amazonaws.com" in part.value for part in text.parts):
        if isinstance(last, Literal) and ".on.aws" in last.value and ".lambda-url." in str(text):
            return Const("lambda")
        return None
    shown = str(text)
    for label, service in _LABELS.items():
        if label in shown:
            return Const(service)
    return None


_LABELS = {
    ".execute-api.": "execute-api",
    ".appsync-api.": "appsync",
    ".es.amazonaws": "es",
    ".aoss.amazonaws": "aoss",
}
