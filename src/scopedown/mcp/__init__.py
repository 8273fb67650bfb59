"""scopedown as an MCP server over stdio: commands as tools for a language model's client.

A call's arguments become one command line (``tools.py``), which runs in a process of its own (``run.py``) that can read
nothing but the folders that the server was given (``places.py``, ``confined.py``); what it prints is the answer, cut
where it is too large (``answer.py``). ``server.py`` speaks the protocol through the official ``mcp`` package.
"""
