"""Visually related pictures by a model that the user brings: what a model is, its vectors, and the process that runs it.

None is bundled. A model's word is no match: it makes no pair, no cluster and no proposal.
"""

from engine.embedding.spec import ModelSpec, model_id
from engine.embedding.vectors import MOST_DIMENSIONS, Provider, cosines, directions, one_model

RUNTIME = "onnxruntime"
"""The package that runs models: an extra, absent from most installations."""

__all__ = ["MOST_DIMENSIONS", "RUNTIME", "ModelSpec", "Provider", "cosines", "directions", "model_id", "one_model"]
