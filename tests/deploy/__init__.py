"""The Framework user: its tables, and what becomes of them."""
