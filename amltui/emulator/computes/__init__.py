"""Computes: what is kept of them, and how they look on the wire."""
