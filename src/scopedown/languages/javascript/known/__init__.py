"""JavaScript's built-ins on known values: plain functions over Python values, for every reader of JavaScript.

Strings, numbers, ``True``, ``False`` and ``None`` (``null``) are themselves, arrays are lists; ``undefined`` and
regular expressions are in ``values``. A function raises ``known.NotKnown`` where its result is not worked out; what it
gives is what node gives (``tests/oracle`` asks it). Reference: https://tc39.es/ecma262/.
"""
