"""Parts of plugins that are too large for one module, and what several of them share."""
