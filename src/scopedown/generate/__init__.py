"""Required permissions become policy documents."""
