"""Repairs of the problems that ``check`` finds: the changes of roles (:mod:`.repairs`), in the text of the project's
files (:mod:`.splice`), each read and checked again before it is written (:mod:`.project`).

In: a :class:`~scopedown.scan.ProjectScan` and the rules whose problems are repaired. Out: files as they will be, and
what remains to be done by hand.
"""
