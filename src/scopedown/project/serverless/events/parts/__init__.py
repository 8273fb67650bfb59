"""What several kinds of event share, and the parts of the larger ones (a REST API's paths, methods, authorizers, …)."""
