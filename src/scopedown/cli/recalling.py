"""The option ``--no-cache`` and what scans recall where it is not given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scopedown.calls.recall import Recall
    from scopedown.catalog.model import Catalog

no_cache_option = click.option(
    "--no-cache",
    is_flag=True,
    help="Work everything out anew, and keep nothing for the next run (the cache is in the user's cache folder, or "
    "where SCOPEDOWN_CACHE says).",
)


def recall_of(catalog: Catalog, no_cache: bool) -> Recall | None:
    """What earlier runs kept; None where nothing shall be, or can be."""
    from scopedown.cache.store import Store, usual_folder

    folder = None if no_cache else usual_folder(os.environ)
    if folder is None:
        return None
    from scopedown.calls.recall import Recall

    return Recall(Store(folder), catalog)
