"""What is kept on disk between two runs: last known rows, and where the user was.

One SQLite file for all amltui of a user. Nothing depends on it: without it every list is asked for.
"""
