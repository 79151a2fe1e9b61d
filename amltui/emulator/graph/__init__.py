"""Resource Graph: its rows, and the part of its query language that clients of Azure ML use."""
