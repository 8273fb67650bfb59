"""Function code becomes SDK calls."""
