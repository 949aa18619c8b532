"""What must never be lost: the user's decisions and marks, and the journal of what was done, in one small database.

One owner of ``userdata.sqlite``; keyed by content, so that renames, rescans and a cleared cache lose nothing.
"""

from engine.userdata.database import UserData
from engine.userdata.decisions import Decision, DecisionFile, Decisions
from engine.userdata.journal import Journal, NewRow, Row, RowState, Run
from engine.userdata.lock import FolderLock
from engine.userdata.marks import Mark, MarkTable
from engine.userdata.protected import ProtectedFolders

__all__ = [
    "Decision",
    "DecisionFile",
    "Decisions",
    "FolderLock",
    "Journal",
    "Mark",
    "MarkTable",
    "NewRow",
    "ProtectedFolders",
    "Row",
    "RowState",
    "Run",
    "UserData",
]
