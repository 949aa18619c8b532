"""Around one call into a codec: every exception becomes a DecodeError, except memory and disk errors; warnings stay silent."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ImageFile

from engine.decode.jpeg_kernels import KernelsWantedError
from engine.decode.picture import CORRUPT
from engine.errors import DecodeError


@contextmanager
def codec_errors(code: str = CORRUPT) -> Iterator[None]:
    """Turn what a codec raises into DecodeError(code).

    DecodeError, MemoryError and KernelsWantedError pass; so does an OSError with an errno, which comes from the disk and not from
    the file's content.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (DecodeError, MemoryError, KernelsWantedError):
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise DecodeError(f"the codec gave up: {error}", code=code) from error
    except Exception as error:
        raise DecodeError(f"the codec gave up: {type(error).__name__}: {error}", code=code) from error


@contextmanager
def tolerate_truncation() -> Iterator[None]:
    """Let Pillow hand out what came of a picture that ends early. The caller finds out which rows those are."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
