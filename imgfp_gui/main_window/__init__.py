"""The window: frame, pages, and which command does what. It decides nothing about photos.

`window` builds the frame from the command table alone, so that it can be seen before the engine is loaded; the rest follows when
there is a controller.
"""

from imgfp_gui.main_window.window import MainWindow

__all__ = ["MainWindow"]
