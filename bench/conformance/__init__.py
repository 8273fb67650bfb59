"""Programs made of a language's own tests, each with an SDK call that happens: is it found, or its loss named?"""
