"""Languages that bind names by packages: one folder each, one row each in ``source/languages.tsv``.

A folder holds ``lower.py`` (its syntax), ``files.py`` (where the files of a unit are), ``handlers.py`` (from a
handler's name to a file), ``runtime.py`` (what it is where its code runs) and ``sdk.py`` (the AWS SDK). Each is loaded
when the first file of the language is read.
"""
