"""Languages: one folder each, one row each in ``source/languages.tsv``.

A folder holds ``lower.py`` (its syntax), ``runtime.py`` (what it is where its code runs) and modules whose names begin
with ``sdk`` and ``library`` (what models packages). Languages that bind names by packages have ``files.py`` (where the
files of a unit are) and ``handlers.py`` (from a handler's name to a file). Each is loaded
when the first file of the language is read.
"""
