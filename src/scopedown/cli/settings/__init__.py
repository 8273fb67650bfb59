"""The settings file: its table, its reader, and how it becomes defaults of the command line."""
