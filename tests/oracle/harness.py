"""A running framework to ask: how it resolves a configuration, and what it compiles a service to.

:class:`Framework` starts ``driver.js`` on first use, feeds it one question a line, and ends it again. The framework is
osls, or serverless 3 where that is asked for. osls is read from the folder that ``OSLS_DIR`` names, else from
``.cache/osls`` in the checkout (``npm install --prefix .cache/osls osls@4.3.1``, as ``.ci/run`` does); serverless from
``SERVERLESS_DIR``, else from ``.cache/serverless3``. Services are copied to a folder of their own, since the framework
writes into them.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
DRIVER: Final = Path(__file__).with_name("driver.js")
TIMEOUT: Final = float(os.environ.get("ORACLE_SECONDS", "60"))
"""Seconds for one compiled service; the first one includes node's start and the compilation of the schema."""
TIMEOUT_RESOLVING: Final = 8.0
"""Seconds for one configuration; what takes longer grows without an end, and the process is started anew."""


class OracleError(Exception):
    """The framework's process ended, or did not answer in time: nothing can be said about the service."""


@dataclass(frozen=True, slots=True)
class Package:
    """One of the frameworks: its name in npm, the version that the comparisons hold for, and where it is looked for."""

    name: str
    version: str
    variable: str
    cache: str

    @property
    def folder(self) -> Path:
        """The folder whose ``node_modules`` holds it (whether or not it is there)."""
        given = os.environ.get(self.variable)
        return Path(given).resolve() if given else ROOT / ".cache" / self.cache

    def missing(self) -> str | None:
        """Why it cannot be asked on this machine; None where it can."""
        if shutil.which("node") is None:
            return "node was not found"
        package = self.folder / "node_modules" / self.name / "package.json"
        if not package.exists():
            install = f"npm install --prefix .cache/{self.cache} {self.name}@{self.version}"
            return f"{self.name} was not found: {install}, or set {self.variable}"
        found = json.loads(package.read_text(encoding="utf-8"))["version"]
        if found == self.version:
            return None
        return f"{self.name} {found} is installed; the comparisons hold for {self.version}"


VERSION: Final = "4.3.1"
OSLS: Final = Package("osls", VERSION, "OSLS_DIR", "osls")
SERVERLESS_3: Final = Package("serverless", "3.40.0", "SERVERLESS_DIR", "serverless3")


def osls_folder() -> Path:
    """The folder whose ``node_modules`` holds osls (whether or not it is there)."""
    return OSLS.folder


def plugins_folder() -> Path | None:
    """The folder whose ``node_modules`` holds the plugins that services are compiled with; None where none is named."""
    given = os.environ.get("PLUGINS_DIR")
    return Path(given).resolve() if given else None


def missing() -> str | None:
    """Why osls cannot be asked on this machine; None where it can."""
    return OSLS.missing()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the framework made of one service.

    ``refused`` holds its messages by property (``custom.a``); ``template`` is None where something was refused or
    the template was not asked for; ``nested`` are the templates of nested stacks by the stack's logical id; ``failed``
    is its message where it gave up altogether, and all else is then empty.
    ``endless``: it found no end (it waits for itself, or the configuration grows without one).
    """

    resolved: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    template: Mapping[str, Any] | None = None
    nested: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    failed: str | None = None
    endless: bool = False


class Framework:
    """One process of a framework, answering questions one after another; used as a context manager."""

    def __init__(self, package: Package = OSLS) -> None:
        self._package = package
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._folder = tempfile.TemporaryDirectory(prefix="scopedown-oracle-")
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._folder.cleanup()

    def read(self, service: Path, *, compile: bool = True, **given: Any) -> Answer:
        """A service's folder, resolved and (``compile``) compiled; ``given``: ``options`` and ``environment``, or the
        ``configuration`` to take instead of the file (``resolved``: it has no variables any more).

        Raises OracleError where the framework's process fails.
        """
        self._count += 1
        copy = Path(self._folder.name) / str(self._count) / service.name
        shutil.copytree(service, copy, symlinks=True, ignore=shutil.ignore_patterns("node_modules", ".serverless"))
        try:
            return self._ask({"folder": str(copy), "compile": compile, **given})
        finally:
            shutil.rmtree(copy.parent, ignore_errors=True)

    def resolve(self, configuration: Mapping[str, Any], files: Path, **given: Mapping[str, Any]) -> Answer:
        """A configuration, resolved; the files that it names stand in ``files``, which is only read."""
        try:
            return self._ask({"folder": str(files), "configuration": configuration, **given}, TIMEOUT_RESOLVING)
        except OracleError:
            return Answer(endless=True)

    def _ask(self, question: Mapping[str, Any], timeout: float = TIMEOUT) -> Answer:
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = self._lines.get(timeout=timeout)
        except (OSError, queue.Empty) as error:
            self._end()
            raise OracleError(f"{self._package.name} did not answer within {timeout:g} s") from error
        if line is None:
            self._end()
            raise OracleError(f"the process of {self._package.name} ended without an answer")
        try:
            answer = json.loads(line)
        except RecursionError:  # a value that was put into itself again and again
            answer = {"endless": True}
        if answer.get("endless"):
            self._end()  # what did not end may still be running there
        answer["dropped"] = tuple(answer.get("dropped", ()))
        return Answer(**answer)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            home = Path(self._folder.name) / "home"
            home.mkdir(exist_ok=True)
            # Nothing of this machine's user reaches the framework: no settings, no credentials, no variables.
            environment = {
                "PATH": os.environ.get("PATH", ""),
                "HOME": str(home),
                "USERPROFILE": str(home),
                "FRAMEWORK": self._package.name,
                "FRAMEWORK_DIR": str(self._package.folder),
                "NODE_PATH": os.pathsep.join(str(folder / "node_modules") for folder in self._folders()),
                "AWS_ACCESS_KEY_ID": "none",
                "AWS_SECRET_ACCESS_KEY": "none",
                "AWS_EC2_METADATA_DISABLED": "true",
                "SLS_NOTIFICATIONS_MODE": "off",
                "SLS_DEPRECATION_DISABLE": "*",
            }
            self._lines = queue.Queue()
            self._process = subprocess.Popen(
                ["node", "--no-warnings", str(DRIVER)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, encoding="utf-8", env=environment,
            )  # fmt: skip
            threading.Thread(target=_pump, args=(self._process, self._lines), daemon=True).start()
        return self._process

    def _folders(self) -> list[Path]:
        """Where the framework, then its plugins, are installed."""
        plugins = plugins_folder()
        return [self._package.folder, *([plugins] if plugins is not None else [])]

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                pass
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # busy without an end
            process.kill()
            process.wait()


def _pump(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    """Hand every line of the process on; None says that there will be no more."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
