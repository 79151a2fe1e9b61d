"""Models and online endpoints: records, how they look on the wire, and those of the scenarios."""
