"""A local AWS that says no: the real framework's commands run against it under a generated policy."""
