"""The real frameworks' commands run under a generated policy against the guard, which says no."""
