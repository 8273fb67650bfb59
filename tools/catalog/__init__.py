"""The parts of the catalog's refresh: one module reads one kind of source and yields tables."""
