"""What is typed to narrow a list: its grammar, and what it means, without knowing any list."""
