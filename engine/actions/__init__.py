"""The only room that moves a user's file: into the trash, into a quarantine, and back. It never decodes, never unlinks a photo.

Every move is checked against the file itself, journalled before it happens, and looked at again afterwards.
"""

from engine.actions.carry_out import carry_out
from engine.actions.outcome import ApplyOutcome, Result
from engine.actions.plan import Plan, PlanFile, PlanItem, parse_plan, plan_from_json, plan_to_json, read_plan, write_plan
from engine.actions.quarantine import QUARANTINE_MARK, Quarantine
from engine.actions.recovery import recover
from engine.actions.restore import redo, undo
from engine.actions.scope import FolderShare, Scope, plan_scope
from engine.actions.trash import Trash

__all__ = [
    "QUARANTINE_MARK",
    "ApplyOutcome",
    "FolderShare",
    "Plan",
    "PlanFile",
    "PlanItem",
    "Quarantine",
    "Result",
    "Scope",
    "Trash",
    "carry_out",
    "parse_plan",
    "plan_from_json",
    "plan_scope",
    "plan_to_json",
    "read_plan",
    "recover",
    "redo",
    "undo",
    "write_plan",
]
