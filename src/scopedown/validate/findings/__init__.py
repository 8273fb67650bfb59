"""The findings: their texts and examples (``findings.toml``), and by theme the functions that find them."""
