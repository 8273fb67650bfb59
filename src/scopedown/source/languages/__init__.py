"""Front ends: source text to the intermediate form."""
