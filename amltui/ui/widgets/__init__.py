"""Widgets that know no Azure: they paint what they are handed."""
