"""The nouns that cross rooms: frozen dataclasses for few things, numpy dtypes for many. Nothing here does work."""

from __future__ import annotations

from engine.records.clusters import (
    Cluster,
    ClusterColumns,
    ClusterSnapshot,
    ClusterState,
    LineCounts,
    Role,
    Shot,
    Suggest,
    Verdict,
)
from engine.records.facts import PictureFacts, field_names
from engine.records.files import FoundFile, StatFacts
from engine.records.found_files import OUTCOMES, STAT_DTYPE, FoundFiles
from engine.records.moves import ApplyCheck, ApplyFolder, ApplyLeft
from engine.records.pairs import (
    PAIR_DIFFERENT,
    PAIR_DTYPE,
    PAIR_KEEP_ALL,
    PAIR_PROVISIONAL,
    PART_NAMES,
    Edit,
    Merges,
    PictureTable,
    Tier,
    edit_labels,
)
from engine.records.progress import Problem, Progress, ReadingStatistics, SlowFile, StageStatistics, VolumeProgress
from engine.records.views import FileView, FolderView, ImageReply, ImageRequest, PairView
from engine.records.walk import Walk
from engine.records.weights import AS_USUAL, Weights

__all__ = [
    "AS_USUAL",
    "OUTCOMES",
    "PAIR_DIFFERENT",
    "PAIR_DTYPE",
    "PAIR_KEEP_ALL",
    "PAIR_PROVISIONAL",
    "PART_NAMES",
    "STAT_DTYPE",
    "ApplyCheck",
    "ApplyFolder",
    "ApplyLeft",
    "Cluster",
    "ClusterColumns",
    "ClusterSnapshot",
    "ClusterState",
    "Edit",
    "FileView",
    "FolderView",
    "FoundFile",
    "FoundFiles",
    "ImageReply",
    "ImageRequest",
    "LineCounts",
    "Merges",
    "PairView",
    "PictureFacts",
    "PictureTable",
    "Problem",
    "Progress",
    "ReadingStatistics",
    "Role",
    "Shot",
    "SlowFile",
    "StageStatistics",
    "StatFacts",
    "Suggest",
    "Tier",
    "Verdict",
    "VolumeProgress",
    "Walk",
    "Weights",
    "edit_labels",
    "field_names",
]
