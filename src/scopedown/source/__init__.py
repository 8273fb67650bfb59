"""Source files: where the repository has them, what an import leads to, and each in one intermediate form."""
