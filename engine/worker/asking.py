"""A worker without compiled loops says so when a file wants them; its supervisor then asks one that has them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.decode.jpeg_kernels import KernelsWantedError
from engine.wire import Kind
from engine.worker.loop import Handler, Reply, Request


def asking(handlers: Mapping[Kind, Handler]) -> dict[Kind, Handler]:
    """The same handlers; instead of KernelsWantedError they answer that it was raised."""
    return {kind: _asking(handler) for kind, handler in handlers.items()}


def _asking(handler: Handler) -> Handler:
    def handle(request: Request) -> Reply:
        try:
            return handler(request)
        except KernelsWantedError:
            return Reply({"kernels": True})

    return handle
