"""What goes on in the workspaces of the scenarios, told as jobs."""
