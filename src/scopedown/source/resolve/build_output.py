"""From a file that a build makes to the file that it is made of, by the names of folders.

Builds write into a folder of their own (``dist/``, ``.build/``) and keep the paths below it. What a compiler's options
say exactly is in ``compiler_options.py``; this is what remains: the folders that tools write into unless told
otherwise.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

OUTPUT_FOLDERS: Final = (
    ".webpack/service", ".webpack", ".build", ".esbuild/.build", ".esbuild", ".dist", "dist", "build", "_build",
    "lib", "out", "output", "target", "bin", ".serverless_plugins/build",
)  # fmt: skip
"""Where serverless-webpack, serverless-esbuild, serverless-plugin-typescript, tsc, webpack, rollup, parcel, Babel and
Gradle write by default or by habit."""

_FLAVOURS: Final = ("cjs", "esm", "es", "mjs", "commonjs", "node", "es6", "umd", "types", "tsc")
"""Folders inside of an output, one for each form that a package is built in (``dist/cjs/index.js``)."""


def is_output(path: str) -> bool:
    """Whether a path, relative to a package's folder, stands in what a build writes.

    >>> is_output("dist/lambda/app"), is_output("src/dist")
    (True, False)
    """
    return path.startswith(tuple(f"{folder}/" for folder in OUTPUT_FOLDERS))


def sources_of(path: str) -> Iterator[str]:
    """The paths, relative to the same folder, that an output's path may be made of; the most likely first.

    >>> list(sources_of("dist/cjs/store.js"))
    ['cjs/store.js', 'src/cjs/store.js', 'store.js', 'src/store.js']
    """
    for folder in OUTPUT_FOLDERS:
        if not path.startswith(folder + "/"):
            continue
        rest = path[len(folder) + 1 :]
        yield rest
        if not rest.startswith("src/"):
            yield posixpath.join("src", rest)
        flavour, _, inner = rest.partition("/")
        if flavour in _FLAVOURS and inner:
            yield inner
            if not inner.startswith("src/"):
                yield posixpath.join("src", inner)
