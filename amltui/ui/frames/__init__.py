"""A frame is a difference: only cells that differ from what is on the terminal are written.

Textual writes every cell of a region that was refreshed, each stretch with its full style and a
reset, and never compares with what is there: over SSH that is kilobytes for one arrow key. Here an
update of its compositor becomes cells, is compared with the last frame, and only the runs that
differ are sent, with what changes of the style where it changes, and nothing at all where nothing
does. Rows that moved together are moved by the terminal, blank stretches are erased, and what looks
the same is written in one go, since a move takes half of the bytes of a change of colours.
`AMLTUI_FRAMES=whole` switches it off, `AMLTUI_FRAMES=simple` all but the comparison.

Only `app.py` in here knows Textual; what it hooks is named there and held by a test.
"""
