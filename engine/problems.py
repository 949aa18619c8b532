"""Every code of the command line's contract in plain words: what happened to which file, what it means, what to do next."""

from __future__ import annotations

from engine.names import base_name

_LEFT = "It was left alone."

_WORDS: dict[str, tuple[str, str]] = {
    # what a picture may be in spite of itself
    "decode.low-information": (
        "{name} is blank or of one colour, so nothing can be compared by look.",
        "Only files with exactly the same bytes are matched with it.",
    ),
    # no picture, or only part of one
    "decode.empty": ("{name} is empty (0 bytes). " + _LEFT, "Copy it again from the card or from a backup."),
    "decode.corrupt": (
        "{name} could not be read (the file is damaged). " + _LEFT,
        "Copy it again from the card, or restore it from a backup.",
    ),
    "decode.truncated": ("{name} could not be read (the file ends early). " + _LEFT, "Copy it again from the card."),
    "decode.timeout": (
        "{name} took too long to read, so imgfp stopped trying. " + _LEFT,
        "Open it in another program; if it opens slowly there too, the file is likely damaged.",
    ),
    "decode.memory": (
        "{name} needs more memory than imgfp gives a single photo. " + _LEFT,
        "Save a smaller copy of it, or look at it yourself.",
    ),
    "decode.crashed": (
        "{name} made the reading program stop, twice. " + _LEFT + " The other photos were not affected.",
        "The file is likely damaged: copy it again from the card, or restore it from a backup.",
    ),
    "decode.unsupported": (
        "{name} is a picture of a kind that imgfp does not read. " + _LEFT,
        "Export it as TIFF, PNG or JPEG if you want it compared.",
    ),
    "decode.too-large": (
        "{name} is larger than imgfp reads (500 megapixels or 4 GB). " + _LEFT,
        "Save a smaller copy if you want it compared.",
    ),
    "read.denied": ("{name} may not be opened by you. " + _LEFT, "Change its permissions, then scan again."),
    "read.io": (
        "{name} could not be read from the disk. " + _LEFT,
        "Check the cable and the drive, and make a backup soon; then scan again.",
    ),
    "read.vanished": ("{name} went away while it was scanned.", "If you moved it yourself, scan again."),
    "read.changed": (
        "{name} was changed by another program while it was read. " + _LEFT,
        "Wait until that program is done, then scan again.",
    ),
    # not looked at
    "scan.not-a-picture": ("{name} is not a picture. " + _LEFT, ""),
    "scan.companion": ("{name} belongs to a photo and stays or goes with it.", ""),
    "scan.hidden": ("{name} is hidden, so it was not looked at.", "Rename it without the leading dot if it should be compared."),
    "scan.link": ("{name} is a link to something outside of the scan, or to what was scanned already.", ""),
    "scan.hard-link": ("{name} is a second name of the same file, not a copy.", "Removing it would free no space."),
    "scan.not-regular": ("{name} is a device or a pipe, not a file. " + _LEFT, ""),
    "scan.offline": ("{name} is on a drive that is not connected.", "Connect the drive, then scan again."),
    "scan.missing": ("The folder {name} cannot be found. Nothing was scanned.", "Check the name, or connect the drive it is on."),
    # removal refused
    "action.changed": (
        "{name} is not the file it was when it was scanned, so it stays where it is.",
        "Scan again and look at it before you decide.",
    ),
    "action.last-copy": (
        "{name} would have been the last readable copy, so it stays where it is.",
        "Keep another copy of it, or leave this one.",
    ),
    "action.protected": (
        "{name} lies in a protected folder, so it stays where it is.",
        "Unlock the folder first if you mean it.",
    ),
    "action.keeper-gone": (
        "{name} stays where it is, because the photo to be kept in its place is gone, changed or does not open.",
        "Scan again and choose another photo to keep.",
    ),
    "action.other-volume": (
        "{name} is on another drive than the folder it was to be moved to, so it stays where it is.",
        "Choose a folder on the same drive, or the trash.",
    ),
    "action.no-trash": (
        "{name} stays where it is, because there is no working trash for its drive.",
        "Move it to a folder on that drive instead (--to FOLDER).",
    ),
    "action.absent": ("{name} is no longer there, so there was nothing to move.", "Scan again."),
    "action.not-planned": (
        "{name} lies in none of the folders that were scanned, so it stays where it is.",
        "Make a new plan from a new scan.",
    ),
    "action.io": (
        "{name} could not be moved, so it stays where it is.",
        "Check free space, permissions and the drive, then try again.",
    ),
    # undo refused
    "action.place-taken": (
        "{name} was not put back, because there is another file in its place.",
        "Move that file away, then undo again. Nothing was overwritten.",
    ),
    "action.copy-gone": (
        "{name} cannot be put back, because it is no longer where it was moved to.",
        "Look for it in the trash, or restore it from a backup.",
    ),
    "action.copy-damaged": (
        "{name} was not put back, because the file in its place in the trash or folder is not the one that was moved.",
        "Look at it there yourself. Nothing was overwritten.",
    ),
    # store and command
    "store.locked": ("Another imgfp is at work with the same data.", "Wait until it is done, then try again."),
    "store.newer": ("The data was written by a newer imgfp and was left untouched.", "Use that version."),
    "store.damaged": ("The data is damaged and cannot be used.", "imgfp store verify tells more."),
    "usage": ("{name} cannot be used here.", "imgfp --help lists the commands."),
    "internal": ("imgfp made a mistake with {name}. " + _LEFT, "Please report it; the log has the details."),
}

CODES = frozenset(_WORDS)
"""Every code that has words of its own."""

_PARTIAL = {
    "decode.truncated": (
        "{name} ends early: only part of the photo could be read. " + _LEFT,
        "Copy it again from the card. imgfp never keeps it as the only copy.",
    ),
    "decode.corrupt": (
        "{name} is damaged: only part of the photo could be read. " + _LEFT,
        "Copy it again from the card. imgfp never keeps it as the only copy.",
    ),
}


def problem_words(code: str, path: bytes, *, partial: bool = False) -> tuple[str, str]:
    """Message and hint for a file with a problem; the hint may be "".

    code: any of the contract; an unknown one gives a general sentence. path: raw bytes; only its last component is named.
    partial: a damaged picture came out all the same (status ``partial``).
    """
    name = base_name(path)
    message, hint = (_PARTIAL.get(code) if partial else None) or _WORDS.get(code, ("{name} could not be used. " + _LEFT, ""))
    return message.replace("{name}", name), hint
