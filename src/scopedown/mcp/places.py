"""The folders that a client may ask about, and the path that it means by what it writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scopedown.core.finding import ScopedownError, printable


@dataclass(frozen=True, slots=True)
class Places:
    """Folders by their real paths, at least one; a relative path is below the first."""

    roots: tuple[Path, ...]

    @staticmethod
    def of(folders: Sequence[Path]) -> Places:
        """Raises ScopedownError for one that is no folder."""
        for folder in folders:
            if not folder.is_dir():
                raise ScopedownError(
                    f"{folder} is not a folder", remedy="pass the folder that holds your projects, as in --root ."
                )
        return Places(tuple(dict.fromkeys(folder.resolve() for folder in folders)))

    def resolve(self, written: str) -> Path:
        """The real path that a client means, all symbolic links followed.

        ``FILE:SYMBOL`` is a path whose last part has that symbol. Raises ScopedownError for one that leads out of the
        roots, through ``..`` or a link as well, or to nothing.
        """
        path = self.roots[0] / written  # an absolute path stands for itself
        file, colon, symbol = str(path).rpartition(":")
        if colon and symbol.isidentifier() and not path.exists():
            path, symbol = Path(file), f":{symbol}"
        else:
            symbol = ""
        try:
            real = Path(os.path.realpath(path))
            # Where it leads is asked first: what is there, outside of the roots, is nothing to be told.
            if not any(real == root or root in real.parents for root in self.roots):
                raise ScopedownError(
                    f"{printable(written)} is outside the folders that the server may read",
                    remedy=f"they are {', '.join(map(str, self.roots))}; to add one, start the server with "
                    "scopedown mcp --root FOLDER",
                )
            if not real.exists():
                raise ScopedownError(
                    f"{printable(written)} does not exist", remedy="name a project's folder or its configuration file"
                )
        except (OSError, ValueError) as error:
            raise ScopedownError(f"{printable(written)} is not a valid path: {error}") from error
        return real.with_name(real.name + symbol) if symbol else real
