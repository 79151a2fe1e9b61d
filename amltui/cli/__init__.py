"""The composition root: flags, environment and file become settings; settings become a command."""
