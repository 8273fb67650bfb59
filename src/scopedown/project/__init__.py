"""Project files, whichever tool reads them, become a Project."""
