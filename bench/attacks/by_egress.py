"""Attacks by who may do everything, to have the guard connect to a server of this machine: none may arrive.

Source: docs/guard.md (what answers a request connects to nothing but the guard).
"""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Callable, Iterator

from attacks.lacking import user
from attacks.operations import Attack, family
from attacks.wire import Answer, Wire
from attacks.world import World, arn, statement


def arrives(world: World, title: str, made: Callable[[int], list[Wire]]) -> Attack:
    """Requests with a port; denied where nothing connects to it."""
    key = user(world, statement("*", "*"))

    def send(w: World) -> list[Answer]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.15)
            answers = [one.signed(key, w.address).send(w.address) for one in made(server.getsockname()[1])]
            try:
                server.accept()[0].close()
            except TimeoutError:
                return [*answers, Answer(403)]
            return [*answers, Answer(200, b"a connection came")]

    return Attack(title, "egress", send, denied=True)


HOSTS = ("127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "127.0.0.1.", "LOCALHOST", "user@127.0.0.1", "localhost.localdomain")  # fmt: skip


@family("egress: subscriptions of topics")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    topic = world.ids["own topic"]
    publish = Wire.of("sns", "Publish", TopicArn=topic, Message="x")
    for host in HOSTS:
        for scheme in ("http", "https"):
            for path in ("/", "/a?b=c"):
                yield arrives(world, f"{scheme}://{host}{path}", lambda port, s=scheme, h=host, p=path: [
                    Wire.of("sns", "Subscribe", TopicArn=topic, Protocol=s, Endpoint=f"{s}://{h}:{port}{p}"), publish])  # type: ignore[misc]  # fmt: skip
    key = user(world, statement("*", "*"))
    yield Attack("control", "sns", lambda w: publish.signed(key, w.address).send(w.address), control=True)


@family("egress: templates, methods, destinations")
def _(world: World, rng: random.Random) -> Iterator[Attack]:
    api, root = world.ids["own api"], world.ids["own root"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    for host in HOSTS:

        def urls(port: int, host: str = host) -> str:
            return f"http://{host}:{port}/t"

        yield arrives(
            world,
            f"TemplateURL {host}",
            lambda p, u=urls: [Wire.of("cloudformation", "CreateStack", StackName="own-u", TemplateURL=u(p))],
        )  # type: ignore[misc]
        yield arrives(
            world,
            f"ValidateTemplate {host}",
            lambda p, u=urls: [Wire.of("cloudformation", "ValidateTemplate", TemplateURL=u(p))],
        )  # type: ignore[misc]
        yield arrives(world, f"TestInvokeMethod {host}", lambda p, u=urls: [  # type: ignore[misc]
            Wire.of("apigateway", "PutMethod", **method, authorizationType="NONE"), Wire.of("apigateway", "PutIntegration", **method, type="HTTP", integrationHttpMethod="GET", uri=u(p)),
            Wire.of("apigateway", "TestInvokeMethod", **method)])  # fmt: skip
        yield arrives(world, f"API destination {host}", lambda p, u=urls: [  # type: ignore[misc]
            Wire.of("events", "CreateApiDestination", Name="own-d", ConnectionArn=arn("events", "connection/own-c/1"), InvocationEndpoint=u(p), HttpMethod="POST"),
            Wire.of("events", "PutTargets", Rule="own", Targets=[{"Id": "1", "Arn": arn("events", "api-destination/own-d/1")}]),
            Wire.of("events", "PutEvents", Entries=[{"Source": "s", "DetailType": "d", "Detail": json.dumps({})}])])  # fmt: skip
    key = user(world, statement("*", "*"))
    wire = Wire.of("sns", "ListTopics")
    yield Attack("control", "sns", lambda w: wire.signed(key, w.address).send(w.address), control=True)
