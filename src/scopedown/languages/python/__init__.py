"""Python: its syntax, built-ins, standard library and SDKs."""
