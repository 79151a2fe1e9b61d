"""Where a workspace keeps its data: the four stores it is born with, and those of clients."""
