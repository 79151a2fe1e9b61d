"""What lies between the program and the eyes of the user, as far as the environment tells."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Around(Struct, frozen=True):
    """Multiplexers swallow what they do not know: sequences for the terminal must be wrapped."""

    term: str = ""
    program: str = ""
    """TERM_PROGRAM, or what iTerm2 sends along through SSH."""
    tmux: bool = False
    """Whether this is a pane of a tmux on this machine."""
    screen: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Around:
        term = environment.get("TERM", "")
        # A screen started in a tmux inherits TMUX: its own TERM tells which of them is nearer.
        nearest_is_tmux = not environment.get("STY") or term.startswith("tmux")
        return cls(
            term,
            environment.get("LC_TERMINAL") or environment.get("TERM_PROGRAM", ""),
            bool(environment.get("TMUX")) and nearest_is_tmux,
            bool(environment.get("STY")) and not term.startswith("tmux"),
        )

    @property
    def may_be_tmux(self) -> bool:
        """Also where tmux runs on the near side of SSH, and TERM is all that is left of it."""
        return self.tmux or (self.term.startswith("tmux") and not self.screen)

    @property
    def may_be_screen(self) -> bool:
        """GNU screen calls itself `screen`; so did tmux, which ignores what is wrapped for it."""
        return self.screen or (self.term.startswith("screen") and not self.tmux)

    @property
    def shows_progress(self) -> bool:
        """Whether OSC 9;4 is known to be a progress bar here: others make a notification of it."""
        if self.may_be_tmux or self.may_be_screen:
            return False
        return self.program in {"ghostty", "WezTerm"} or self.term in {"xterm-ghostty", "wezterm"}

    @property
    def shows_links(self) -> bool:
        """Whether OSC 8 is at least ignored: the console of Linux prints it."""
        return self.term not in {"", "dumb", "linux"} and not self.term.startswith("vt")
