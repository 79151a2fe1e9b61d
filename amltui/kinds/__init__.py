"""What a user sees of each resource kind: columns, facts, actions. Declarations; no Textual.

A new kind is one file here and one line in `registry.py`.
"""
