"""Walks the folders given and tells every file met, each once. Looks only: never opens a photo, never writes anything."""

from engine.scan.folders import QUARANTINE_LINE, QUARANTINE_NAME, inside_quarantine, is_quarantine
from engine.scan.longpath import open_long, stat_long
from engine.scan.walker import walk

__all__ = ["QUARANTINE_LINE", "QUARANTINE_NAME", "inside_quarantine", "is_quarantine", "open_long", "stat_long", "walk"]
