"""Charts as lines of text: what to show of a curve, and dots in cells. Knows no terminal."""
