"""One module for each family of commands: `add` declares it, what it sets as `run` does it."""
