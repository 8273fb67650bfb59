"""Where a function's code is: from a handler's name to a file, through archives, images, wrappers and build scripts."""
