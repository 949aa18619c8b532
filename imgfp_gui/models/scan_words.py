"""A running or finished scan in sentences: what happens, how far it is, and how long it will still take."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.records import VolumeProgress
from imgfp_gui.models import words
from imgfp_gui.models.scan_story import Story

translate = QCoreApplication.translate


def sentence(story: Story, clusters: int) -> str:
    """What happens now and what one can do. clusters: found so far."""
    join = translate("scan", "You can start reviewing; new clusters join the list.") if clusters else ""
    if story.paused:
        said = translate("scan", "Nothing is lost: reading goes on where it was.")
    elif story.waits:
        said = story.waits
    elif story.stage == "walk":
        said = translate("scan", "Looking for photos in the folders.")
    elif story.stage == "quick":
        said = translate("scan", "The small pictures inside the files are compared first; the photos themselves are read next.")
    elif story.stage == "match":
        said = translate("scan", "Everything is read; the photos are being compared.")
    else:
        said = _speed(story) or translate("scan", "Each photo is read once; the next time only what is new.")
    return f"{said} {join}".strip()


def title(story: Story) -> str:
    """The heading of the page."""
    if story.paused:
        return translate("scan", "Paused")
    if story.stage == "walk":
        return translate("scan", "Finding your photos")
    if story.stage == "quick":
        return translate("scan", "Taking a first look")
    return translate("scan", "Comparing your photos") if story.stage == "match" else translate("scan", "Reading your photos")


def time_left(seconds: float) -> str:
    """Roughly how long, as one says it: nobody counts on more."""
    if seconds < 45:
        return translate("scan", "less than a minute left")
    minutes = max(1, round(seconds / 60))
    if minutes == 1:
        return translate("scan", "about a minute left")
    if minutes < 90:
        coarse = minutes if minutes <= 10 else round(minutes / 5) * 5
        return translate("scan", "about {0} minutes left").format(words.number(coarse))
    hours = max(2, round(minutes / 60))
    return translate("scan", "about {0} hours left").format(words.number(hours))


def found(story: Story, folders: int) -> str:
    """How many files were met."""
    where = translate("scan", "1 folder") if folders == 1 else translate("scan", "{0} folders").format(words.number(folders))
    if story.stage == "walk":
        return translate("scan", "{0} so far").format(words.files(story.found))
    return translate("scan", "{0} in {1}").format(words.files(story.found), where)


def looked(story: Story) -> str:
    """Of how many the small picture inside was looked at."""
    if story.to_look is None:
        return ""
    return translate("scan", "{0} of {1}").format(words.number(story.looked), words.number(story.to_look))


def read(story: Story) -> str:
    """How many of them were read."""
    if story.total is None:
        return ""
    return translate("scan", "{0} of {1}").format(words.number(story.read), words.number(story.total))


def volume(told: VolumeProgress) -> str:
    """How far the reading of one disk is."""
    count = translate("scan", "{0} of {1}").format(words.number(told.done), words.number(told.total))
    if told.state == "offline":
        return translate("scan", "{0}, not connected any more").format(count)
    if told.state == "retrying":
        return translate("scan", "{0}, does not answer; tried again").format(count)
    if told.state == "waiting":
        return translate("scan", "{0}, waits for its turn").format(count)
    if told.state == "done" or told.bytes_per_second < 1e5:
        return count
    speed = translate("scan", "{0}, {1} per second").format(count, words.size(round(told.bytes_per_second)))
    return speed if told.seconds_left is None else f"{speed}, {time_left(told.seconds_left)}"


def volume_kind(told: VolumeProgress) -> str:
    """What a disk is, in a word or two; empty when unknown."""
    return {
        "ssd": translate("scan", "solid-state disk"),
        "hdd": translate("scan", "hard disk"),
        "network": translate("scan", "network disk"),
    }.get(told.kind, "")


def compared(clusters: int, *, running: bool) -> str:
    """How many clusters came out."""
    return translate("scan", "{0} so far").format(words.clusters(clusters)) if running else words.clusters(clusters)


def stopped(story: Story, clusters: int) -> str:
    """How far a scan came that was ended."""
    if story.total is None or not story.read:
        return translate("scan", "Stopped before any photo was read. Rescan goes on.")
    how_far = translate("scan", "Stopped: {0} of {1} were read.").format(words.number(story.read), words.files(story.total))
    kept = (
        translate("scan", "What was found is here; Rescan goes on from there.")
        if clusters
        else translate("scan", "Rescan goes on from there.")
    )
    return f"{how_far} {kept}"


def _speed(story: Story) -> str:
    if story.per_second < 1:
        return ""
    speed = translate("scan", "{0} per second").format(words.files(round(story.per_second)))
    if story.bytes_per_second >= 1e5:
        speed = translate("scan", "{0} ({1}) per second").format(
            words.files(round(story.per_second)), words.size(round(story.bytes_per_second))
        )
    return f"{speed}, {time_left(story.seconds_left)}." if story.seconds_left is not None else f"{speed}."
