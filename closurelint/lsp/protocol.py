"""The protocol as pygls speaks it, with what a server needs that trusts no message.

pygls keeps a copy of every document that is opened, and fails on changes of what it does not have; here documents go
to the server alone. A request that makes no sense is answered with an error instead of not at all.
"""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest
from pygls.io_ import StdinAsyncReader
from pygls.protocol import LanguageServerProtocol

LONGEST_MESSAGE = 64_000_000
DOCUMENT_MESSAGES = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)

logger = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """One conversation with a client."""

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in DOCUMENT_MESSAGES:
            self.fm.builtin_features.pop(method, None)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as an object; a request that is none is answered with an error."""
        if data.get("method") == types.TEXT_DOCUMENT_DID_CHANGE:
            _without_nulls(data.get("params"))
        try:
            return super().structure_message(data)
        except JsonRpcException as problem:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=problem.to_response_error())
            raise

    def handle_message(self, message: Any) -> None:
        """Act on a message; a request after the shutdown is refused, where pygls lets the client wait for ever."""
        if not hasattr(message, "jsonrpc"):
            logger.error("what is no message of the protocol is dropped")
            return
        method = getattr(message, "method", None)
        if self._shutdown and method is not None and hasattr(message, "id"):
            refused = JsonRpcInvalidRequest(f"`{method}` after `shutdown`")
            self._send_response(message.id, error=refused.to_response_error())
            return
        super().handle_message(message)


def _without_nulls(params: Any) -> None:
    """Take out what older clients write as null in a change; a change that is lost makes all later ones wrong."""
    if not isinstance(params, dict):
        return
    document, changes = params.get("textDocument"), params.get("contentChanges")
    if isinstance(document, dict) and document.get("version") is None:
        document["version"] = 0
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict) and change.get("range") is None:
            change.pop("range", None)


class Reader(StdinAsyncReader):
    """Standard input; what claims to be longer than any message is read past."""

    async def readexactly(self, n: int) -> bytes:
        """The `n` bytes of a message, or an empty message in place of one that is too long."""
        if n <= LONGEST_MESSAGE:
            return await super().readexactly(n)
        logger.error("a message of %s bytes is dropped", n)
        while n > 0:
            piece = await super().readexactly(min(n, 1_000_000))
            if not piece:
                return b""
            n -= len(piece)
        return b"{}"
