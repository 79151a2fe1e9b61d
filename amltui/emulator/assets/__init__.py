"""Assets with versions: what each kind is, what a client may put, and what is kept of it."""
