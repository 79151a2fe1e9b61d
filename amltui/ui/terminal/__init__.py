"""The terminal itself: its clipboard, title, colours and characters, and leaving it as it was."""
