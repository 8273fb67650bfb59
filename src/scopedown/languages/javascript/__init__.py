"""JavaScript and TypeScript: their syntax, built-ins, Node's modules and SDKs."""
