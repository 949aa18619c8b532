"""The signals of the controller, apart from its methods, so that its parts can speak without knowing it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class ControllerSignals(QObject):
    """All are emitted in the window's thread.

    Signals
    -------
    scan_started(). library_opened(): file numbers mean other files from now on; `clusters_changed` follows.
    scan_finished(object): the report's ``stats`` as a dict, or {} when the scan was stopped or failed.
    progress_changed(Progress), image_ready(ImageReply): as the session says them. problem_found(Problem): the newest of those
    that came; `problems` has them all.
    clusters_changed(ClusterSnapshot): a new snapshot is in force. queue_changed(): visible rows or their order changed.
    cluster_selected(object): Cluster or None; also when its content changed. photo_selected(int): index of a unit.
    panes_changed(object): tuple of unit indices shown side by side. verdicts_changed(object): frozenset of cluster keys.
    totals_changed(Totals). line_changed(float, object): the line and its `LineCounts`, at once for every movement.
    weights_changed(object): Weights, likewise.
    folders_changed(object): tuple of str. folder_tree_changed(object): tuple of FolderView. protected_changed(object): tuple of
    bytes. mode_changed(str): ``grid`` or ``side``. page_changed(str). view_changed(). fit_requested(str): ``fit`` ``one`` ``two``
    ``in`` ``out``. apply_checked(object): ApplyCheck. applied(object): answer of a move or a way back. history_changed(object):
    tuple of dicts, newest first. working_changed(bool): a scan, a move or a way back runs. noted(str): a sentence for the user.
    act_failed(str, str): what could not be done (``check`` ``apply`` ``undo`` ``redo`` ``forget`` ``history`` ``retry``) and why;
    no reason when it was stopped. run_looked_at(str, object): a run, and the paths of its files that could not come back now.
    message(object): Message. undo_changed(): what undo and redo would do. recent_changed(): the
    library is worth remembering.
    """

    scan_started = Signal()
    library_opened = Signal()
    scan_finished = Signal(object)
    progress_changed = Signal(object)
    problem_found = Signal(object)
    image_ready = Signal(object)
    clusters_changed = Signal(object)
    queue_changed = Signal()
    cluster_selected = Signal(object)
    photo_selected = Signal(int)
    panes_changed = Signal(object)
    verdicts_changed = Signal(object)
    totals_changed = Signal(object)
    line_changed = Signal(float, object)
    weights_changed = Signal(object)
    folders_changed = Signal(object)
    folder_tree_changed = Signal(object)
    protected_changed = Signal(object)
    mode_changed = Signal(str)
    page_changed = Signal(str)
    view_changed = Signal()
    fit_requested = Signal(str)
    apply_checked = Signal(object)
    applied = Signal(object)
    act_failed = Signal(str, str)
    run_looked_at = Signal(str, object)
    history_changed = Signal(object)
    working_changed = Signal(bool)
    noted = Signal(str)
    message = Signal(object)
    undo_changed = Signal()
    recent_changed = Signal()
