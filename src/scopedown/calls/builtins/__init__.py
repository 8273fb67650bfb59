"""What each language brings itself: built-in names, the standard library, methods of text and collections."""
