"""``python -m scopedown`` is the command."""

from scopedown.cli.main import main

if __name__ == "__main__":
    main()
