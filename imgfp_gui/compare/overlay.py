"""The lines of facts that can be laid over a photo."""

from __future__ import annotations

from imgfp_gui.models import moments, names, words
from imgfp_gui.models.members import Member


def facts_over(member: Member) -> tuple[str, ...]:
    """Name, pixels and bytes, camera and exposure, moment and folder; what is unknown is left out."""
    view = member.view
    if view is None:
        return ()
    lines = (
        (names.base(view.path_bytes),),
        (words.pixels(view.width, view.height), words.size(view.size), (view.format or "").upper()),
        (view.camera, view.exposure),
        (moments.whole(moments.from_camera(view.taken)), names.short_path(names.folder(view.path_bytes))),
    )
    return tuple(text for text in (" · ".join(part for part in line if part) for line in lines) if text)
