"""Asking again and again: paced, backed-off, resumable reads of what `azure` can fetch.

Knows asyncio; neither Textual nor what it carries.
"""
