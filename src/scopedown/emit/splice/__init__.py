"""Changes to a user's files, byte by byte: everything outside of what is changed stays as it was.

:mod:`~.edits` are changes of text and how a file is replaced with them; :mod:`~.yaml_text` finds the places of keys and
items in a YAML file, and writes new ones in the file's own style; :mod:`~.json_text` does the same for JSON.
"""
