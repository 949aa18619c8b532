"""An ONNX model of the user's, run on the processor by one thread; only inside the process that is made for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.embedding.spec import DEFAULT_EDGE, Three
from engine.embedding.vectors import MOST_DIMENSIONS, Vectors
from engine.wire import SQUARE_MOST


class ModelError(ValueError):
    """The model cannot be used; the message says why, in words that follow "The model cannot be used: "."""


@dataclass(slots=True)
class OnnxModel:
    """A loaded model. edge: px a side. batch: pictures at a time, 0: any number. dimension: of its vectors."""

    session: Any
    edge: int
    batch: int
    mean: Three
    std: Three
    dimension: int = field(default=0)

    @classmethod
    def loaded(cls, data: bytes, edge: int, mean: Three, std: Three) -> OnnxModel:
        """From the bytes of a model file. edge: as in `ModelSpec`. Raises ModelError, and whatever the runtime raises."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # sums in one order: the same vectors every time
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        given = session.get_inputs()
        if len(given) != 1 or given[0].type != "tensor(float)" or len(given[0].shape) != 4:
            raise ModelError("it does not take one batch of pictures as 32-bit numbers (pictures, 3, height, width)")
        batch, channels, height, width = (one if isinstance(one, int) else 0 for one in given[0].shape)
        if channels not in (0, 3) or height != width:
            raise ModelError("it takes no square pictures of three colours")
        if edge and height and edge != height:
            raise ModelError(f"it takes pictures of {height} px a side, and edge says {edge}")
        side = height or edge or DEFAULT_EDGE
        if side > SQUARE_MOST:
            raise ModelError(f"it takes pictures of {side} px a side; {SQUARE_MOST} is the most")
        model = cls(session, side, batch, mean, std)
        probe = model.embed(np.full((1, side, side, 3), 128, np.uint8))
        model.dimension = probe.shape[1]
        if not 1 <= model.dimension <= MOST_DIMENSIONS:
            raise ModelError(f"its vectors have {model.dimension} numbers; 1 to {MOST_DIMENSIONS} are possible")
        return model

    def embed(self, squares: NDArray[np.uint8]) -> Vectors:
        """See `Provider.embed`."""
        values = (squares.astype(np.float32) / 255 - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        pictures = np.ascontiguousarray(values.transpose(0, 3, 1, 2))
        size = self.batch or len(pictures)
        name = self.session.get_inputs()[0].name
        output = self.session.get_outputs()[0].name
        done = []
        for start in range(0, len(pictures), size):
            part = pictures[start : start + size]
            short = size - len(part)
            padded = np.concatenate([part, np.repeat(part[-1:], short, axis=0)]) if short else part
            vectors = np.asarray(self.session.run([output], {name: padded})[0])
            if len(vectors) != size or vectors.ndim < 2 or vectors.dtype.kind != "f":
                raise ModelError("its first output is no vector for each picture")
            done.append(vectors.reshape(size, -1)[: len(part)].astype(np.float32))
        return np.concatenate(done)
