"""The dashboard: the only package that imports Textual. Paints what `kinds` declare.

Draws from snapshots, posts messages up; no requests, no parsing, no sorting rules.
"""
