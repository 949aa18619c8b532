"""How controls are painted: flat, in the colours of the theme, with a ring round what has the keyboard."""

from imgfp_gui.style.application import Theme

__all__ = ["Theme"]
