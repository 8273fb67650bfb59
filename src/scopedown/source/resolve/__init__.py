"""From an import to a file: Node's and Python's rules, workspaces, layers, installed packages."""
