"""How the web and the bench find and recognise each other, and what one message looks like."""

import json
import os
import socket
import struct
import tempfile
from contextlib import suppress
from hashlib import blake2b, sha256
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

LONGEST_SOCKET_PATH = 100
"""Unix socket addresses may not be longer. [bytes]"""

MOST_BYTES = 32 * 2**20
"""No message is longer."""

Address = str | tuple[str, int]


def bench_address(data: Path) -> Address:
    """
    Return where the bench of an installation listens.

    A socket in the data directory; where its path would be too long, one in the temporary
    directory named after it; on systems without such sockets a port of this machine alone.
    """
    if not hasattr(socket, "AF_UNIX"):
        number = int(blake2b(str(data).encode(), digest_size=2).hexdigest(), 16)
        return ("127.0.0.1", 20_000 + number % 20_000)
    path = data / "bench.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        name = blake2b(os.fsencode(data), digest_size=8).hexdigest()
        path = Path(tempfile.gettempdir()) / f"parvis-bench-{os.getuid()}-{name}.sock"
    return str(path)


def bench_key(secret: str) -> bytes:
    """Return the key both sides prove to have, made from the installation's own secret."""
    return sha256(b"parvis bench\0" + secret.encode()).digest()


def connect(address: Address, key: bytes, deadline: float) -> Connection:
    """
    Connect to the bench.

    Raises
    ------
    OSError
        Where nothing listens there, or it does not answer within `deadline` seconds.
    multiprocessing.AuthenticationError
        Where it has another key.
    """
    connection = Client(address)
    try:
        limit_waiting(connection, deadline)
        answer_challenge(connection, key)
        deliver_challenge(connection, key)
    except (EOFError, BlockingIOError) as error:
        connection.close()
        raise ConnectionError(str(error)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def accept_known(connection: Connection, key: bytes) -> None:
    """
    Let the other side prove its key and prove our own.

    Raises
    ------
    multiprocessing.AuthenticationError
    """
    deliver_challenge(connection, key)
    answer_challenge(connection, key)


def limit_waiting(connection: Connection, seconds: float) -> None:
    """Make reads and writes that take longer fail instead of waiting for ever."""
    with suppress(OSError):
        same = socket.socket(fileno=os.dup(connection.fileno()))
        try:
            packed = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, packed)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, packed)
        finally:
            same.close()


def send(connection: Connection, message: dict[str, Any]) -> None:
    """Send a message as JSON."""
    connection.send_bytes(json.dumps(message, allow_nan=False).encode())


def receive(connection: Connection) -> dict[str, Any]:
    """
    Return the next message.

    Raises
    ------
    OSError, EOFError, ValueError
        Where there is none, or it is none.
    """
    message = json.loads(connection.recv_bytes(MOST_BYTES))
    if not isinstance(message, dict):
        raise TypeError("a message is an object")
    return message
