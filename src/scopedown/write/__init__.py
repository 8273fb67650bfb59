"""Least-privilege roles, written into the project's own files.

In: a :class:`~scopedown.scan.ProjectScan` and how its roles shall be laid out. Out: a :class:`~.model.WritePlan`: the
files as they will be. :mod:`~.layout` gives every function the role that the dialect allows, :mod:`~.statements` says
what each role still needs beside what the framework adds, :mod:`~.splicing` brings the lists of statements to that,
:mod:`~.texts` holds the files meanwhile; and what came of it is read again and compared (:mod:`~.verify`).
"""
