"""The second opinion: which lines of a function's code name an operation of an SDK, read from syntax alone.

In: the files of a function's code, and the calls that the analysis evaluated. Out: the
:class:`~scopedown.sites.model.CallSite`\\ s that count and that the analysis did not evaluate. A right that one of
them could need is not taken away (``compare/doubt.py``).

It knows no values and runs nothing, so that a fault of the analysis is not repeated here: ``bodies.py`` divides a file
into functions and the words in each, ``named.py`` finds the lines that name an operation, ``closure.py`` the files, and
``unreached.py`` decides by names alone which functions count.
"""
