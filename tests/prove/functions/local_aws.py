"""A project written to a folder, and a server that stands for the local AWS and tells what reached it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scopedown.core.text import Att, Literal, Pseudo, Ref, Text
from scopedown.project.load import Options, load_project
from scopedown.prove.endpoint import Credentials, Endpoint
from scopedown.prove.functions.model import EventRun, FunctionRun
from scopedown.prove.functions.run import run_functions

ACCOUNT, REGION = "123456789012", "us-east-1"
WHO = Credentials("ASIASAMPLE", "secret", "token")
ANSWER = b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"


@dataclass
class LocalAws:
    """What was asked, as ``METHOD host path``, and what was seeded."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    seeded: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def endpoint(self, *runtime_modules: Path) -> Endpoint:
        def seed(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
            self.seeded.append((service, operation, parameters))

        return Endpoint(self.address, ACCOUNT, REGION, resolved, seed, runtime_modules)


def resolved(text: Text) -> str:
    """Texts as a stack would have them: a Ref is the logical id in small letters."""
    parts = []
    for part in text.parts:
        match part:
            case Literal(value):
                parts.append(value)
            case Ref(id):
                parts.append(id.lower())
            case Att(id, name):
                parts.append(f"arn:aws:service:{REGION}:{ACCOUNT}:{id.lower()}/{name}")
            case Pseudo("AWS::Region"):
                parts.append(REGION)
            case Pseudo("AWS::AccountId"):
                parts.append(ACCOUNT)
            case Pseudo("AWS::Partition"):
                parts.append("aws")
            case _:
                pass
    return "".join(parts)


@contextmanager
def local_aws() -> Iterator[LocalAws]:
    """The server, for as long as the block runs."""
    told = LocalAws()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append(f"{self.command} {self.headers['Host'].partition(':')[0]} {self.path}")
            told.signed.append(self.headers.get("Authorization") or "")
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def service(functions: str, *, runtime: str = "nodejs20.x", more: str = "") -> str:
    """A serverless.yml with these functions."""
    return f"service: sample\nprovider:\n  name: aws\n  runtime: {runtime}\n{more}functions:\n{functions}"


def run_in(
    folder: Path, files: Mapping[str, str], aws: LocalAws | None = None, **options: Any
) -> dict[str, FunctionRun]:
    """Write the files and run the functions of the project that they are."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    project = load_project(folder, Options())
    modules = options.pop("runtime_modules", ())
    where = (aws or LocalAws("http://127.0.0.1:9")).endpoint(*modules)
    options.setdefault("timeout", 20.0)
    return {one.function: one for one in run_functions(project, folder, where, lambda _: WHO, **options)}


def one_of(
    folder: Path, handler: str, *, python: bool = False, aws: LocalAws | None = None, **options: Any
) -> EventRun:
    """The one run of a project's one function, whose handler's file holds this code."""
    name, runtime = ("app.py", "python3.11") if python else (options.pop("name", "app.js"), "nodejs20.x")
    config = service("  one: {handler: app.handler}\n", runtime=runtime, more=options.pop("more", ""))
    found = run_in(folder, {"serverless.yml": config, name: handler}, aws, **options)["one"]
    assert len(found.events) == 1, found
    return found.events[0]
