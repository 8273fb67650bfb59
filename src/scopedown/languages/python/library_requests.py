"""Authentication that signs what ``requests`` and ``httpx`` send, and the two, which send it.

Read from the sources of requests-aws4auth 1.4.0 (``AWS4Auth(access_id, secret_key, region, service)``, keyword
``refreshable_credentials``), aws-requests-auth 0.4.3 (``AWSRequestsAuth(key, secret, host, region, service, token)``,
``BotoAWSRequestsAuth(host, region, service)``) and httpx-aws-auth 4.2.0 (``AwsSigV4Auth(credentials, region,
service)``, ``AwsSigV4AssumeRoleAuth(region, role_arn, service)``). requests:
https://requests.readthedocs.io/en/latest/api/ (``auth`` of every function, of a Session and of its methods); httpx:
https://www.python-httpx.org/api/. A request without such an ``auth`` needs no permission.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.libraries.lambda_extensions import overheard
from scopedown.calls.libraries.library_owners import Auth
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.signing import sign
from scopedown.calls.values import CallSite, Const, FunctionValue, UnknownValue, Value, as_text, from_text, options
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.python.library_botocore import owner_of_keys
from scopedown.languages.python.natives import Function, Library

LANGUAGE = "python"
PACKAGES = ("requests_aws4auth", "aws_requests_auth", "httpx_aws_auth", "requests", "httpx")

_VERBS = ("get", "options", "head", "post", "put", "patch", "delete")


def module(name: str) -> Value | None:
    """A package or a module of it; what is not modelled makes no signed request."""
    root = name.partition(".")[0]
    members = _MEMBERS[root]
    if root in ("requests", "httpx"):
        names = ("Session", "session", "Client", "AsyncClient")
        clients: dict[str, Value] = {one: Function(one, _client) for one in names}
        verbs: dict[str, Value] = {verb: _sender(verb, None) for verb in (*_VERBS, "request", "stream")}
        whole = {**verbs, **clients}
        parts: dict[str, Value] = {part: Library(f"{root}.{part}", whole) for part in ("api", "sessions")}
        return Library(name, {**whole, **parts} if name == root else whole)
    return Library(name, members)


def _aws4(site: CallSite, run: Machine) -> Value:
    service = site.argument(3, "service") or UnknownValue("a service's name", site.place)
    keys = (site.argument(0), site.argument(1), site.argument(-1, "refreshable_credentials"))
    return Auth(service, owner_of_keys(*keys))


def _with_host(site: CallSite, run: Machine) -> Value:
    service = site.argument(4, "aws_service") or UnknownValue("a service's name", site.place)
    return Auth(service, owner_of_keys(site.argument(0, "aws_access_key"), site.argument(1, "aws_secret_access_key")))


def _of_boto(site: CallSite, run: Machine) -> Value:
    return Auth(site.argument(2, "aws_service") or UnknownValue("a service's name", site.place), None)


def _httpx(site: CallSite, run: Machine) -> Value:
    return Auth(site.argument(2, "service") or Const("execute-api"), owner_of_keys(site.argument(0, "credentials")))


def _httpx_credentials(site: CallSite, run: Machine) -> Value:
    """``AwsCredentials(access_key, secret_key, session_token)``: whose keys they are."""
    return site.argument(0, "access_key") or UnknownValue("credentials", site.place)


def _httpx_role(site: CallSite, run: Machine) -> Value:
    role = site.argument(1, "role_arn") or UnknownValue("a role", site.place)
    run.emit("sts", "AssumeRole", {"RoleArn": role}, site.place, "signed")
    return Auth(site.argument(2, "service") or Const("execute-api"), role)


_MEMBERS: dict[str, dict[str, Value]] = {
    "requests": {},
    "httpx": {},
    "requests_aws4auth": {"AWS4Auth": Function("AWS4Auth", _aws4), "StrictAWS4Auth": Function("AWS4Auth", _aws4)},
    "aws_requests_auth": {
        "AWSRequestsAuth": Function("AWSRequestsAuth", _with_host),
        "BotoAWSRequestsAuth": Function("BotoAWSRequestsAuth", _of_boto),
        "aws_auth": Library("aws_auth", {"AWSRequestsAuth": Function("AWSRequestsAuth", _with_host)}),
        "boto_utils": Library("boto_utils", {"BotoAWSRequestsAuth": Function("BotoAWSRequestsAuth", _of_boto)}),
    },
    "httpx_aws_auth": {
        "AwsCredentials": Function("AwsCredentials", _httpx_credentials),
        "AwsSigV4Auth": Function("AwsSigV4Auth", _httpx),
        "AwsSigV4AssumeRoleAuth": Function("AwsSigV4AssumeRoleAuth", _httpx_role),
    },
}


# requests and httpx


def _client(site: CallSite, run: Machine) -> Value:
    return Client(site.argument(-1, "auth"), site.argument(-1, "base_url"))


@dataclass(slots=True, eq=False)
class Client(Native):
    """``requests.Session()``, ``httpx.Client(auth=…)``."""

    label = "a session"
    auth: Value | None
    base: Value | None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that sends; the rest are settings."""
        if name in ("__enter__", "__aenter__"):
            return Function(name, lambda site, run: self, self)
        if name in (*_VERBS, "request", "stream"):
            return _sender(name, self)
        return Library(f"session.{name}")

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``session.auth = auth``."""
        if name == "auth":
            self.auth = value


def _sender(name: str, client: Client | None) -> Function:
    """``get(url, …, auth=…)`` and its like; ``request`` and ``stream`` take the method first."""
    free = name in ("request", "stream")

    def body(site: CallSite, run: Machine) -> Value:
        method = site.argument(0, "method") if free else Const(name.upper())
        url = site.argument(1 if free else 0, "url")
        overheard(run, site)
        auth = site.argument(-1, "auth") or (client.auth if client is not None else None)
        if client is not None and client.base is not None:
            url = _below(client.base, url)
        for option in options(auth) if auth is not None else ():
            if isinstance(option, Auth):
                sign(run, option.service, method, url, site.place, option.credentials)
        _call_back(site, run)
        return UnknownValue("a response", site.place)

    return Function(name, body, client)


def _call_back(site: CallSite, run: Machine) -> None:
    """Functions among the arguments (``hooks``, an ``auth`` of one's own) may run."""
    for value in site.all():
        if isinstance(value, FunctionValue) or value is site.keywords.get("hooks"):
            run.escape(value, site.place)


def _below(base: Value, url: Value | None) -> Value:
    start, path = as_text(base), as_text(url) if url is not None else None
    if start is None or path is None:
        return UnknownValue("the address of a request")
    literal = path.literal
    if literal is not None and literal.startswith("http"):
        return Const(literal)
    return from_text(Text.of(start, path))
