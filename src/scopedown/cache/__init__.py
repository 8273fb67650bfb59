"""What was worked out before, beside the user's other caches; safe to delete at any time. Standard library only."""
