"""A farm of virtual tablets: real servers of the ADB protocol, one loopback port each."""

import asyncio
import errno
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from agents.virtual.connection import Connection
from agents.virtual.device import VirtualTablet
from agents.virtual.scenarios import SCENARIOS, Scenario
from fleet.errors import DeviceError, InvalidInput

_LAST_PORT = 65_535
_STOP_S = 10.0
_LAST_TURNS = 5


def serve(
    tablets: Sequence[VirtualTablet],
    base_port: int = 0,
    host: str = "127.0.0.1",
    scenario: Scenario | str | None = None,
) -> "Farm":
    """Serve each tablet on a port of its own, from ``base_port`` on, or on free ports for 0.

    Raises ``DeviceError`` (``device.port_in_use`` with ``port``, ``device.unreachable`` for another
    trouble with the address) and ``InvalidInput`` (``virtual.unknown_scenario``,
    ``virtual.port_out_of_range``); nothing is served then.
    """
    if isinstance(scenario, str):
        if scenario not in SCENARIOS:
            raise InvalidInput("virtual.unknown_scenario", scenario=scenario)
        scenario = SCENARIOS[scenario]
    if base_port < 0 or base_port + len(tablets) - 1 > _LAST_PORT:
        raise InvalidInput("virtual.port_out_of_range", port=base_port)
    if scenario is not None:
        for position, tablet in enumerate(tablets):
            if scenario.applies_to(position):
                scenario.prepare(tablet)
    return Farm(tablets, _bind(host, base_port, len(tablets)))


def _bind(host: str, base_port: int, count: int) -> list[socket.socket]:
    """All the listening sockets, or none."""
    bound: list[socket.socket] = []
    for position in range(count):
        port = base_port and base_port + position
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            bound.append(socket.create_server((host, port), family=family))
        except OSError as error:
            for one in bound:
                one.close()
            address = f"{host}:{port}"
            if error.errno == errno.EADDRINUSE:
                raise DeviceError("device.port_in_use", device=address, port=port) from error
            raise DeviceError(
                "device.unreachable", device=address, reason=error.strerror
            ) from error
    return bound


class Farm:
    """Tablets that are being served; a context manager that stops them."""

    def __init__(self, tablets: Sequence[VirtualTablet], sockets: Sequence[socket.socket]) -> None:
        self.tablets = tuple(tablets)
        self.addresses = [_address(one) for one in sockets]
        """``host:port`` of each tablet, in order."""
        self._sockets = sockets
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-tablets", daemon=True)
        self._thread.start()
        self._ready.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every port and connection; may be called twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_STOP_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        try:
            servers = [
                await asyncio.start_server(self._accept(tablet), sock=one)
                for tablet, one in zip(self.tablets, self._sockets, strict=True)
            ]
        finally:
            self._ready.set()
        await self._stopping.wait()
        # asyncio leaks a connection that it is accepting while its server closes: so first nobody
        # is accepted any more, and those on their way arrive within a few turns.
        for one in self._sockets:
            self._loop.remove_reader(one.fileno())
        for _ in range(_LAST_TURNS):
            tasks, writers = list(self._connections), list(self._connections.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # A task that was cancelled before its first step has closed nothing.
            for writer in writers:
                writer.transport.abort()
            await asyncio.sleep(0)
        for server in servers:
            server.close()

    def _accept(self, tablet: VirtualTablet) -> "_Acceptor":
        return _Acceptor(tablet, self._connections)


class _Acceptor:
    """Starts a connection's task and keeps hold of it until it ends."""

    def __init__(
        self,
        tablet: VirtualTablet,
        connections: dict[asyncio.Task[None], asyncio.StreamWriter],
    ) -> None:
        self._tablet = tablet
        self._connections = connections

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio does it only for sockets made with IPPROTO_TCP; without, each answer waits 40 ms
        # for the acknowledgement of the one before.
        wire: socket.socket = writer.get_extra_info("socket")
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.ensure_future(Connection(self._tablet, reader, writer).run())
        self._connections[task] = writer
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._connections.pop(task, None)


def _address(one: socket.socket) -> str:
    host, port = one.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
