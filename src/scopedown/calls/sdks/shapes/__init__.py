"""What the SDKs of all languages have in common: clients, waiters, paginators, presigners, requests that are not sent.

``rows.py`` reads what the members of such objects do from a language's ``sdk.tsv``; ``objects.py`` has the objects, and
what a language answers for its SDK (:class:`~scopedown.calls.sdks.shapes.objects.Sdk`).
"""
