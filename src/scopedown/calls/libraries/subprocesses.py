"""Other programs and code that analysed code starts: a command, a worker, a library of machine code.

In: a call of a function of the platform that starts one, with its arguments. Out: a part of the code that was not seen
(:class:`~scopedown.core.coverage.Unseen`), since what is started has the function's credentials. What a command of the
``aws`` tool may need is known by its service; programs that are known not to call AWS need nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from scopedown.calls.interpreter.dispatch import HINT, on_made_code
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    External,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    options,
)
from scopedown.catalog.action_patterns import ANYTHING, of_service
from scopedown.catalog.model import Catalog
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.text import Literal
from scopedown.source.shell import SEPARATORS, UNKNOWN, words_of

_COMMANDS: Final = re.compile(
    r"subprocess\.(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)"
    r"|os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)|pty\.spawn"
    r"|asyncio\.(?:subprocess\.)?create_subprocess_(?:exec|shell)"
    r"|child_process\.(?:exec|execFile|spawn)(?:Sync)?"
    r"|execa(?:\.[\w$]+)*|cross-spawn(?:\.\w+)*|shelljs\.exec|pexpect\.(?:run|spawn)|zx\.\$|sh\.(?:Command|[a-z]\w*)"
    r"|java\.lang\.(?:ProcessBuilder\.start|Runtime\.exec)"
    r"|(?:System\.Diagnostics\.)?Process(?:\.Start|StartInfo)?|(?:std|tokio)\.process\.Command\.new"
)
"""https://docs.python.org/3/library/subprocess.html, https://docs.python.org/3/library/os.html#process-management,
https://nodejs.org/api/child_process.html, https://github.com/sindresorhus/execa,
https://github.com/moxystudio/node-cross-spawn, https://github.com/shelljs/shelljs, https://pexpect.readthedocs.io,
https://google.github.io/zx/, https://sh.readthedocs.io,
https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/ProcessBuilder.html,
https://learn.microsoft.com/dotnet/api/system.diagnostics.process, https://doc.rust-lang.org/std/process/."""
_CODE: Final = re.compile(
    r"child_process\.fork|cluster\.fork|worker_threads\.Worker"
    r"|importlib[._]metadata\.entry_points|pkg_resources\.(?:iter_entry_points|load_entry_point)"
    r"|zipimport\.zipimporter|code\.(?:Interactive\w+|interact)|plugin\.Open|java\.net\.URLClassLoader"
    r"|(?:System\.Reflection\.)?Assembly\.(?:Load|LoadFrom|LoadFile|UnsafeLoadFrom)"
    r"|ObjectSpace\.(?:each_object|_id2ref)|gc\.get_(?:objects|referrers|referents)"
)
"""https://nodejs.org/api/worker_threads.html, https://nodejs.org/api/cluster.html,
https://docs.python.org/3/library/importlib.metadata.html#entry-points,
https://docs.ruby-lang.org/en/3.3/ObjectSpace.html, https://docs.python.org/3/library/gc.html."""
_C_FUNCTION: Final = re.compile(
    r"C\.(?!(?:CString|CBytes|GoString|GoStringN|GoBytes|malloc|calloc|free|strlen|u?int\w*|u?char|u?short|u?long\w*|size_t"
    r"|float|double|schar|(?:struct|union|enum|sizeof)_\w+)$)\w+"
)
"""A function of C that Go calls: it may call those that Go exports (https://pkg.go.dev/cmd/cgo)."""
_STORED: Final = re.compile(
    r"(?:_?pickle|cPickle|cloudpickle|dill)\.(?:loads?|Unpickler)|shelve\.open|marshal\.loads?|joblib\.load"
    r"|jsonpickle\.(?:decode|loads)|yaml\.unsafe_load(?:_all)?|Marshal\.load|unserialize|java\.io\.ObjectInputStream"
)
"""Data that names what is called as it is loaded, and whose objects may be of any class: "it is possible to construct
malicious pickle data which will execute arbitrary code" (https://docs.python.org/3/library/pickle.html)."""
_MADE: Final = re.compile(
    r"vm\.(?:runIn\w+|Script|SourceTextModule|compileFunction)|Function|javax\.script\.ScriptEngineManager|CSharpScript\.\w+"
)
"""https://nodejs.org/api/vm.html, https://docs.oracle.com/en/java/javase/21/docs/api/java.scripting/."""
_MACHINE_CODE: Final = re.compile(
    r"ctypes\.(?:CDLL|PyDLL|cdll\.LoadLibrary|pydll\.LoadLibrary|cdll\.\w+)|process\.dlopen"
    r"|java\.lang\.System\.load(?:Library)?|(?:System\.Runtime\.InteropServices\.)?NativeLibrary\.(?:Load|TryLoad)"
)
"""https://docs.python.org/3/library/ctypes.html."""
_SIGNING: Final = re.compile(
    r"hmac\.(?:new|digest)|crypto\.(?:subtle\.importKey|createHmac)|crypto-js.*\.HmacSHA256"
    r"|javax\.crypto\.spec\.SecretKeySpec"
)
_SIGNING_KEY: Final = "AWS4"
"""What a key begins with that signs requests to AWS
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)."""
_SYSTEM: Final = ("/usr/", "/lib/", "/lib64/")
_REACHES_OUT: Final = re.compile(r"\b(?:import|require|process|eval|Function)\b")
"""Code that is made of a text can load a module by these alone."""
_BEFORE: Final = frozenset({"env", "sudo", "nohup", "exec", "time", "timeout", "nice", "xargs", "command", "("})
"""Words before a program that run it."""
_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ash"})
_CONTAINING: Final = ("--aws-sigv4", "amazonaws.com", "codecommit")
"""What a program that may call anything would be given to call AWS (https://curl.se/docs/manpage.html#--aws-sigv4,
https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html)."""
_NAMES: Final = """
    awk base64 basename bzip2 cat cd chmod chown chromium clamscan convert cp curl cut cwebp date df diff dig
    dirname du echo exiftool expr false ffmpeg ffprobe file find freshclam git grep gs gunzip gzip head hostname
    id identify kill libreoffice ln ls magick md5sum mkdir mktemp mogrify mv mysql mysqldump nslookup openssl
    optipng pandoc pdfinfo pdftk pdftoppm pdftotext pg_dump pg_restore ping pngquant printf ps psql pwd qpdf
    readlink rm rmdir sed seq set sha256sum sleep soffice sort sox stat tail tar tee tesseract test touch tr true
    uname uniq unrar unzip wc wget which whoami wkhtmltoimage wkhtmltopdf xz yt-dlp zip zstd
"""
_HARMLESS: Final = frozenset(_NAMES.split())
"""Programs that make no request to AWS with the credentials of their environment."""
_SPELLED: Final = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}
"""Commands of the AWS CLI that are not named as their service (https://docs.aws.amazon.com/cli/latest/reference/)."""
_LOCAL: Final = frozenset({"configure", "help", "--version"})
_DEPTH: Final = 4
_TELLING: Final = 5
"""Letters of a name beyond which a package that has it brings the program."""
_SHOWN: Final = 40


def oversee(run: Machine, name: str, site: CallSite, sends: bool) -> None:
    """A function of the platform or of a library is called; ``name`` is its dotted name."""
    if _COMMANDS.fullmatch(name):
        _note_commands(run, name, site)
    elif _CODE.fullmatch(name) or (_C_FUNCTION.fullmatch(name) and run.position.language.name == "go"):
        what = f"{name}() leads to code that scopedown did not follow"
        run.found.unseen.setdefault(("started", site.place), Unseen(Cause.DISPATCH, what, site.place, remedy=HINT))
    elif _STORED.fullmatch(name):
        what = f"{name}() may run code that the loaded data names"
        run.found.unseen.setdefault(("started", site.place), Unseen(Cause.DISPATCH, what, site.place, remedy=HINT))
    elif _MADE.fullmatch(name):
        texts = [value.value for value in site.positional if isinstance(value, Const) and isinstance(value.value, str)]
        known = site.complete and len(texts) == len(site.positional)
        if not (name == "Function" and known and not any(map(_REACHES_OUT.search, texts))):
            on_made_code(run, f"{name}()", site.place)
    elif _MACHINE_CODE.fullmatch(name) and not _is_of_system(site.argument(0, "name")):
        what = f"{name}() loads machine code, which scopedown does not read"
        run.found.unseen.setdefault(("started", site.place), Unseen(Cause.DISPATCH, what, site.place, remedy=HINT))
    elif _SIGNING.fullmatch(name) and any(_word(value).startswith(_SIGNING_KEY) for value in site.all()):
        what = f"{name}() signs a request to AWS that scopedown did not follow"
        run.found.unseen.setdefault(("signed", site.place), Unseen(Cause.DISPATCH, what, site.place, remedy=HINT))


def _is_of_system(value: Value | None) -> bool:
    """Whether a library is one of the system's: none at all, or named without a folder of the function's."""
    if value is None or (isinstance(value, Const) and value.value is None):
        return True
    if isinstance(value, UnknownValue):
        return "find_library" in value.reason
    text = _word(value)
    return text.startswith(_SYSTEM) or ("/" not in text and UNKNOWN not in text)


def _note_commands(run: Machine, name: str, site: CallSite) -> None:
    wholes = [*_commands(name, site)] or [[UNKNOWN]]
    for words in wholes:
        for program, may_call in _programs(words, run.catalog):
            called = "a program" if UNKNOWN in program else program[:_SHOWN]
            by = f"{name}()" if run.position.language.name in ("python", "javascript") else "the code"
            what = f"{by} runs {called}, which may call AWS"
            unseen = Unseen(Cause.DISPATCH, what, site.place, may_call, HINT)
            run.found.unseen.setdefault(("program", program, may_call, site.place), unseen)


def _commands(name: str, site: CallSite) -> Iterator[list[str]]:
    """The commands that a call may start, each as its words."""
    given = site.positional or tuple(site.keywords[one] for one in ("args", "cmd") if one in site.keywords)
    if name.startswith(("os.spawn", "os.posix_spawn", "os.exec")):
        first = 1 if name.startswith("os.spawn") else 0
        given = given[first : first + 2]
    if not given and not name.startswith("sh."):
        return
    if name.startswith("sh."):
        said = [_word(value) for value in given]
        yield said if name == "sh.Command" else [name[3:].replace("_", "-"), *said]
        return
    if name.endswith(("Command.new", "Process.Start", "ProcessStartInfo")):  # arguments may be added to the program
        words = [_word(first_one) for first_one in given[:1]]
        texts = [word for value in given[1:] for word in words_of(_word(value))]
        yield [*words, *(texts if len(given) > 1 else [UNKNOWN])]
        return
    if name.endswith("$"):  # a tagged template: its pieces, then what stands between them
        pieces = given[0].items if isinstance(given[0], Sequence) else given[:1]
        yield words_of(UNKNOWN.join(map(_word, pieces))) or [UNKNOWN]
        return
    for first_one in options(given[0]):
        following = next((value for value in given[1:] if isinstance(value, Sequence)), None)
        if isinstance(first_one, Sequence):
            yield [_word(item) for item in first_one.items] + ([UNKNOWN] if first_one.rest is not None else [])
        elif following is not None:
            words = [_word(item) for item in following.items] + ([UNKNOWN] if following.rest is not None else [])
            yield [_word(first_one), *(words[1:] if name.startswith("os.") else words)]
        else:
            more = (
                [_word(value) for value in given[1:] if isinstance(value, Const | TextValue)] if "_exec" in name else []
            )
            yield [*words_of(_word(first_one)), *more] or [UNKNOWN]


def _word(value: Value) -> str:
    """A word of a command, with marks for what is not known of it."""
    if isinstance(value, External):
        named = [one for one in re.split(r"[^a-z0-9]+", value.origin.lower()) if one in _HARMLESS]
        return named[-1] if named and len(named[-1]) > _TELLING else UNKNOWN  # ffmpeg-static gives the path of ffmpeg
    if isinstance(value, Object):
        return UNKNOWN
    text = as_text(value)
    if text is None:
        return UNKNOWN
    return "".join(part.value if isinstance(part, Literal) else UNKNOWN for part in text.parts)


def _programs(words: Iterable[str], catalog: Catalog, depth: int = 0) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The programs of a command that may call AWS, each with what it may call."""
    command: list[str] = []
    for word in (*words, ";"):
        if word not in SEPARATORS:
            command.append(word)
            continue
        if command:
            yield from _program(command, catalog, depth)
        command = []


def _program(command: list[str], catalog: Catalog, depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    if depth < _DEPTH:
        for inner in re.findall(r"\$\((.*)\)", " ".join(command)):
            yield from _programs(words_of(inner), catalog, depth + 1)
    words = list(command)
    while words and (words[0] in _BEFORE or re.match(r"\w+=", words[0])):
        before = words.pop(0)
        while before in _BEFORE and words and re.match(r"-|\d+[smhd]?\Z", words[0]):
            words.pop(0)
    if not words:
        return
    name, arguments = posixpath.basename(words[0]), words[1:]
    if name == "aws":
        if (found := _of_cli(arguments, catalog)) is not None:
            yield "aws", found
    elif name in _SHELLS and depth < _DEPTH and (text := _script(arguments)) is not None:
        yield from _programs(words_of(text) or [UNKNOWN], catalog, depth + 1)
    elif name not in _HARMLESS or any(sign in word for word in arguments for sign in _CONTAINING):
        yield words[0], ANYTHING
    elif "-exec" in arguments:
        yield from _programs(arguments[arguments.index("-exec") + 1 :], catalog, depth + 1)


def _script(arguments: list[str]) -> str | None:
    """What a shell is given to run as a text (``sh -c "…"``)."""
    after = (text for option, text in pairwise(arguments) if re.fullmatch(r"-\w*c", option))
    return next(after, None)


def _of_cli(arguments: list[str], catalog: Catalog) -> tuple[str, ...] | None:
    """What a command of the AWS CLI may call; None where it calls nothing."""
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] not in _LOCAL:
        option = rest.pop(0)
        if (
            "=" not in option
            and rest
            and option not in ("--debug", "--no-verify-ssl", "--no-paginate", "--no-cli-pager")
        ):
            rest.pop(0)
    if not rest or UNKNOWN in rest[0]:
        return ANYTHING
    return None if rest[0] in _LOCAL else of_service(catalog, _SPELLED.get(rest[0], rest[0]))
