"""Which command does what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.records import Suggest

if TYPE_CHECKING:
    from imgfp_gui.main_window.contents import Contents
    from imgfp_gui.main_window.window import MainWindow

FAR = 4  # half percents


def works(window: MainWindow, contents: Contents) -> dict[str, Callable[[], object]]:
    """A function for every command of the table, by id. Raises nothing; each is called in the window's thread."""
    controller, checked = window.controller, lambda name: window.action(name).isChecked()
    fit = controller.fit_requested.emit
    return {
        "folder.add": contents.add_folder,
        "folder.close": controller.close_library,
        "scan.rescan": controller.rescan,
        "scan.pause": lambda: controller.pause(paused=checked("scan.pause")),
        "scan.stop": controller.stop,
        "review.start": contents.start_reviewing,
        "cluster.next": lambda: controller.step_cluster(1),
        "cluster.previous": lambda: controller.step_cluster(-1),
        "photo.next": lambda: controller.step_photo(1),
        "photo.previous": lambda: controller.step_photo(-1),
        **{f"photo.{n}": (lambda n=n: controller.select_photo(n - 1)) for n in range(1, 10)},  # type: ignore[misc]
        "verdict.keep": lambda: controller.mark_photo(Suggest.KEEP),
        "verdict.trash": lambda: controller.mark_photo(Suggest.REMOVE),
        "verdict.undecided": lambda: controller.mark_photo(Suggest.UNDECIDED),
        "verdict.keep_this": controller.keep_this,
        "verdict.back": controller.back,
        "cluster.accept": controller.accept,
        "cluster.accept_all": controller.accept_all,
        "cluster.different": controller.different,
        "cluster.keep_all": controller.keep_all,
        "cluster.aside": controller.set_aside,
        "view.grid": lambda: controller.set_mode("grid"),
        "view.side": lambda: controller.set_mode("side"),
        "view.fit": lambda: fit("fit"),
        "view.one": lambda: fit("one"),
        "view.two": lambda: fit("two"),
        "view.zoom_in": lambda: fit("in"),
        "view.zoom_out": lambda: fit("out"),
        "view.swap": controller.swap_panes,
        "view.panes": contents.more_panes,
        "view.surround": contents.next_surround,
        "view.info": lambda: controller.preferences.set("photos.information", checked("view.info")),
        "view.panels": lambda: contents.set_panels(shown=checked("view.panels")),
        "view.full_screen": lambda: window.set_full_screen(full=checked("view.full_screen")),
        "line.up": lambda: controller.step_line(1),
        "line.down": lambda: controller.step_line(-1),
        "line.up_far": lambda: controller.step_line(FAR),
        "line.down_far": lambda: controller.step_line(-FAR),
        "queue.filter": contents.open_search,
        "actions.apply": contents.open_apply,
        "actions.undo": controller.undo,
        "actions.redo": controller.redo,
        "history.show": lambda: contents.visit("history", there=checked("history.show")),
        "problems.show": lambda: contents.visit("problems", there=checked("problems.show")),
        "statistics.show": contents.open_statistics,
        "help.keys": contents.open_keys,
        "app.preferences": contents.open_preferences,
        "help.about": contents.open_about,
        "help.report": contents.open_report,
    }
