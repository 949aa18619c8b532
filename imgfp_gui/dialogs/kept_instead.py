"""Which photo is kept in the place of one that goes."""

from __future__ import annotations

from engine.records import FileView, Suggest
from imgfp_gui.controller import ReviewController


def kept_instead(controller: ReviewController, file: int) -> FileView | None:
    """The first photo to keep of the same picture, else of the same cluster; None when nothing is known of it any more."""
    snapshot = controller.snapshot
    rows = snapshot.columns.row_of_file
    row = int(rows[file]) if 0 <= file < len(rows) else -1
    if row < 0:
        return None
    cluster = snapshot.clusters[row]
    nest = next((set(nest) for nest in cluster.nests if file in nest), set())
    faces = [unit[0] for number, unit in enumerate(cluster.units) if controller.suggest_of(cluster, number) is Suggest.KEEP]
    undecided = [unit[0] for number, unit in enumerate(cluster.units) if file not in unit]
    found = [face for face in faces if face in nest] or faces or undecided
    return controller.file(found[0]) if found else None
