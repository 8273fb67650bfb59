"""One finding, one file: its documentation, its examples, and the function that finds it."""
