"""SDK calls and settings become required permissions."""
