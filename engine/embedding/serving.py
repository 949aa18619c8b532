"""What the process that runs the model answers: MODEL once, then EMBED for each batch. It has no path and no network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from engine.embedding.onnx_model import ModelError, OnnxModel
from engine.errors import DecodeError
from engine.wire import Kind
from engine.worker.loop import Handler, Reply, Request

BATCH = 16
"""Most pictures at a time; fewer where their vectors would not fit into one answer."""


class Serving:
    """Holds the one model of this process."""

    def __init__(self) -> None:
        self._model: OnnxModel | None = None

    @property
    def handlers(self) -> Mapping[Kind, Handler]:
        """By kind of request."""
        return {Kind.MODEL: self.load, Kind.EMBED: self.embed}

    def load(self, request: Request) -> Reply:
        """Load the model that the file holds, if its digest is the one that was asked for."""
        data = request.file.read()
        if hashlib.sha256(data).hexdigest() != request.more["sha256"]:
            raise DecodeError("it changed while it was read", code="decode.corrupt")
        try:
            mean, std = tuple(request.more["mean"]), tuple(request.more["std"])
            self._model = OnnxModel.loaded(data, request.edge, mean, std)
        except ModelError as error:
            raise DecodeError(str(error), code="decode.corrupt") from error
        room = request.limits.frame_payload - 4096
        batch = max(1, min(BATCH, room // (4 * self._model.dimension)))
        return Reply({"edge": self._model.edge, "dimension": self._model.dimension, "batch": batch})

    def embed(self, request: Request) -> Reply:
        """Vectors of the squares that the file holds, one after the other: float32, little-endian."""
        if self._model is None:
            raise DecodeError("no model was loaded", code="decode.corrupt")
        edge = self._model.edge
        squares = np.frombuffer(request.file.read(), np.uint8).reshape(-1, edge, edge, 3)
        try:
            return Reply({}, self._model.embed(squares).astype("<f4").tobytes())
        except ModelError as error:
            raise DecodeError(str(error), code="decode.corrupt") from error
