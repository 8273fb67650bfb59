"""What a confined process is refused, and what it still may: each in a process of its own, for it is for good."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REFUSED = {
    "another file is read": "open(outside / 'file').read()",
    "another file is read by its descriptor's name": "os.open(outside / 'file', os.O_RDONLY)",
    "a link out of the folder is followed": "open(inside / 'link').read()",
    "a folder with the same beginning is read": "open(str(inside) + '-too/file').read()",
    "another folder is listed": "os.listdir(outside)",
    "another folder is walked": "next(os.scandir(outside))",
    "a file is written": "open(inside / 'new', 'w')",
    "a file is appended to": "open(inside / 'file', 'a')",
    "a file is made": "os.open(inside / 'new', os.O_CREAT | os.O_WRONLY)",
    "a file is removed": "os.remove(inside / 'file')",
    "a file is renamed": "os.rename(inside / 'file', inside / 'other')",
    "a file's mode is changed": "os.chmod(inside / 'file', 0o777)",
    "a folder is made": "os.mkdir(inside / 'new')",
    "a program is run": "import subprocess; subprocess.run([sys.executable, '-c', ''])",
    "a shell is run": "os.system('true')",
    "this process becomes another program": "os.execv(sys.executable, [sys.executable, '-c', ''])",
    "a host is connected to": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "a host's name is asked for": "import socket; socket.getaddrinfo('example.com', 443)",
    "a port is opened": "import socket; socket.socket().bind(('127.0.0.1', 0))",
}
ALLOWED = {
    "its folder is read": "assert open(inside / 'file').read() == 'here'; os.listdir(inside); list(os.scandir(inside))",
    "its folder is read from within": "os.chdir(inside); assert open('file').read() == 'here'; os.listdir()",
    "its descriptors are read": "import io; open(os.open(inside / 'file', os.O_RDONLY), 'rb').read()",
    "nothing is written": "open(os.devnull, 'w').write('x')",
    "packages are imported": "import click, yaml, tree_sitter, sqlite3, rich.table",
    "the cache is written": "open(cache / 'kept', 'w').write('x'); os.rename(cache / 'kept', cache / 'named')",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("inside", "inside-too", "outside", "cache"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("here")
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside" / "file")
    return tmp_path


def confined(place: Path, code: str) -> str:
    """What Python code comes to: ``done``, or the error."""
    program = f"""
import os, sys
from pathlib import Path
place = Path({str(place)!r})
inside, outside, cache = place / "inside", place / "outside", place / "cache"
from scopedown.mcp.confined import confine
confine([str(inside)], [str(cache)])
try:
    {code}
except OSError as error:
    print(type(error).__name__)
else:
    print("done")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=place, capture_output=True, text=True, timeout=90, check=False
    )
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_that(what: str, place: Path) -> None:
    before = sorted(place.rglob("*"))
    assert confined(place, REFUSED[what]) == "PermissionError"
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize("what", ALLOWED)
def test_it_is_allowed_that(what: str, place: Path) -> None:
    assert confined(place, ALLOWED[what]) == "done"


def test_a_root_of_the_whole_disk_allows_reading_all_of_it(place: Path) -> None:
    file = str(place / "outside" / "file")
    program = f"from scopedown.mcp.confined import confine; confine(['/'], []); print(open({file!r}).read())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=90, check=False)
    assert done.stdout == "here\n"


def test_a_confined_command_is_that_command(place: Path) -> None:
    arguments = [json.dumps([str(place / "inside")]), "[]", "catalog", "--format=json", "--", "sqs:SendMessage"]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "scopedown.mcp.confined", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.read())["accessLevel"] == "Write"
        assert process.wait(90) == 0


def test_it_ends_when_its_input_closes() -> None:
    program = (
        "import runpy, time; runpy.run_module = lambda *a, **k: (print('begun', flush=True), time.sleep(300));"
        "from scopedown.mcp.confined import main; main(['[]', '[]', 'scan'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "begun\n"
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(90) == 1


def test_the_cache_folder_gives_its_documents_and_no_other_file(place: Path) -> None:
    document = place / "cache" / "ab" / f"{'0123456789' * 4}.json"
    document.parent.mkdir()
    for file in (document, document.with_suffix(".yml")):
        file.write_text("here")
    assert confined(place, f"assert open({str(document)!r}).read() == 'here'; os.listdir(cache)") == "done"
    for file in (place / "cache" / "file", document.with_suffix(".yml")):
        assert confined(place, f"open({str(file)!r})") == "PermissionError"
    document.unlink()
    document.symlink_to(place / "outside" / "file")
    assert confined(place, f"open({str(document)!r})") == "PermissionError"


@pytest.mark.skipif(sys.platform == "win32", reason="processes start by other means there")
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_no_process_begins_that_is_not_confined(place: Path, method: str) -> None:
    program = place / "inside" / "program.py"
    program.write_text(
        "import multiprocessing, os\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from scopedown.mcp.confined import confine\n"
        'if __name__ == "__main__":\n'
        f"    confine([{str(place / 'inside')!r}], [])\n"
        "    try:\n"
        f"        with ProcessPoolExecutor(1, multiprocessing.get_context({method!r})) as executor:\n"
        "            print(executor.submit(os.getpid).result())\n"
        "    except OSError as error:\n"
        "        print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=90, check=False)
    assert done.stdout == "PermissionError\n", done.stderr


def test_variables_that_are_not_named_are_gone_and_the_cache_stays_where_it_was(place: Path) -> None:
    key = "the key of the cache"
    program = (
        "import os; from scopedown.mcp.confined import forget_variables; forget_variables(['STAGE', 'ABSENT']);"
        "print(sorted(os.environ.items()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ, "STAGE": "blue", "SCOPEDOWN_CACHE": str(place / "cache"), "SCOPEDOWN_CACHE_KEY": key,
        },
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    kept = [("SCOPEDOWN_CACHE", str(place / "cache")), ("SCOPEDOWN_CACHE_KEY", key), ("STAGE", "blue")]
    assert done.stdout == f"{kept}\n"
