"""One page of HTML for people: what every function calls and needs, why, and what its role allows beside that.

In: :class:`~scopedown.scan.ProjectScan` values and what ``checks`` found of them. Out: the text of one file that asks
nothing of any network. :mod:`~.collect` turns a scan into the plain values of :mod:`~.model` (:mod:`~.changes` compares
declared with needed, :mod:`~.graph` makes and orders the graph); :mod:`~.page` makes HTML of them through
:mod:`~.markup`, which escapes everything. All tables are there without a script; ``assets/`` adds the filter, the
keyboard and the graph.
"""
