"""A scopedown command that can read only some folders, write nothing but its cache, and neither run nor reach anything.

    python -P -m scopedown.mcp.confined '["/folder", …]' '["VARIABLE", …]' COMMAND ARGUMENT…

A project file is data, but data may name other files (``${file(~/.aws/credentials)}``, a handler above its folder, a
symbolic link); for a person who scans his own project that is right, for an answer to a model it is not. So the process
puts Python's audit hook before each of its own accesses (https://docs.python.org/3/library/audit_events.html). No code
of the project runs here, so nothing can take the hook away. A refusal is a PermissionError, and is handled as any
file that cannot be read. Environment variables that are not named are gone before the command begins.

The process ends when its standard input closes: it does not outlive the server, however that ended.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import sys
import sysconfig
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LISTS = ("os.listdir", "os.scandir")
_CHANGES = frozenset(
    ("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate",
     "os.utime")
)  # fmt: skip
"""What changes a file by its name: each of its first two arguments that is a path."""
_NEVER = frozenset(
    ("_winapi.CreateProcess", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn",
     "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
     "subprocess.Popen")
)  # fmt: skip
_UNWATCHED = ("multiprocessing.popen_forkserver", "multiprocessing.popen_spawn_posix")
"""Modules that start a process, which would not be confined, without an event of its own."""
_DOCUMENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}\.json")
"""What the cache reads in its folder (cache/store.py): digests, which nobody guesses. Any other file there is none of
scopedown's, and not to be read for a project that names it."""


def main(arguments: list[str]) -> None:
    """Confine this process to the folders and variables, then be the command."""
    folders, variables, *command = arguments
    threading.Thread(target=_end_with_the_server, name="server-is-there", daemon=True).start()
    know_the_key()
    confine(json.loads(folders), writable_folders())
    forget_variables(json.loads(variables))
    sys.argv = ["scopedown", *command]
    runpy.run_module("scopedown", run_name="__main__", alter_sys=True)


def know_the_key() -> None:
    """Put the key of the cache into its variable: its file cannot be read any more afterwards."""
    from scopedown.cache.secret import VARIABLE, secret_of

    secret = secret_of(os.environ)
    if secret.value and secret.file:
        os.environ[VARIABLE] = _held(secret.file)


def _held(file: str) -> str:
    return Path(file).read_text("ascii").strip()


def forget_variables(but: Iterable[str]) -> None:
    """Take every environment variable away but those: a project file could name it. Python has read its own by now.

    Where the cache is stays known, and its key; ``options_of`` keeps that from projects (cli/projects.py).
    """
    from scopedown.cache.secret import VARIABLE
    from scopedown.cache.store import usual_folder

    kept = {name: os.environ[name] for name in but if name in os.environ}
    if cache := usual_folder(os.environ):
        kept["SCOPEDOWN_CACHE"] = cache
    if secret := os.environ.get(VARIABLE):
        kept[VARIABLE] = secret
    os.environ.clear()
    os.environ.update(kept)


def confine(readable: Iterable[str], writable: Iterable[str]) -> None:
    """From now on, and for good, refuse this process every file outside of the folders, other programs, the network.

    In a folder that is writable and not readable, the documents of the cache can be read, and the folder listed.
    """
    may_write = _folders(writable)
    may_read = _folders(readable) + _folders(pythons_own())
    may_list = may_read + may_write

    def allowed(path: Any, folders: tuple[str, ...]) -> bool:
        if isinstance(path, int):
            return True  # an open file: it was asked for by its name before
        real = _real(os.fsdecode(path))
        return any(real == folder or real.startswith(folder + os.sep) for folder in folders)

    def kept(path: Any) -> bool:
        real = _real(os.fsdecode(path))
        inner = (real.removeprefix(one + os.sep) for one in may_write if real.startswith(one + os.sep))
        return any(_DOCUMENT.fullmatch(one.replace(os.sep, "/")) for one in inner)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = given
            if path is None or path == os.devnull:
                return
            writes = isinstance(flags, int) and flags & _WRITES
            if not (allowed(path, may_write) if writes else allowed(path, may_read) or kept(path)):
                raise PermissionError(13, "it is outside the folders that the server may read", path)
        elif event in _LISTS:
            if not allowed(given[0] if given[0] is not None else os.curdir, may_list):
                raise PermissionError(13, "it is outside the folders that the server may read", given[0])
        elif event in _CHANGES:
            if not all(allowed(one, may_write) for one in given[:2] if isinstance(one, str | bytes | os.PathLike)):
                raise PermissionError(13, "the server writes no files", given[0])
        elif event in _NEVER or (event == "import" and given[0] in _UNWATCHED):
            raise PermissionError(13, f"the server runs no programs and uses no network ({event})")

    sys.addaudithook(hook)


def pythons_own() -> Iterable[str]:
    """Where Python and installed packages are."""
    paths = sysconfig.get_paths()
    yield from (paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (one for one in sys.path if one)
    yield str(Path(__file__).parents[1])


def writable_folders() -> Iterable[str]:
    """The cache of what was worked out before; in a source checkout also the place of the compiled catalog."""
    from scopedown.cache.store import usual_folder

    cache = usual_folder(os.environ)
    if cache is not None:
        yield cache
    catalog = Path(__file__).parents[1] / "catalog"
    if (catalog / "tables").is_dir():
        yield str(catalog)


def _folders(names: Iterable[str]) -> tuple[str, ...]:
    # Of a root folder ("/", "C:\\") the separator is taken off, as it is put after each folder to compare.
    return tuple(dict.fromkeys(_real(name).rstrip(os.sep) for name in names))


def _real(name: str) -> str:
    return os.path.normcase(os.path.realpath(name))


def _end_with_the_server() -> None:
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        return  # there is no standard input to watch: somebody runs this by hand
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
