"""What functions need, in the words of another tool: one module, one form of ``write --format``."""
