"""A wire between client and server on which some bytes of the server's answers are others, of the same length."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

_AT_ONCE = 1 << 20


@contextmanager
def lying(url: str, lies: Mapping[bytes, bytes]) -> Iterator[str]:
    """The address at which the server at `url` answers with `lies` in place of what it says."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listen(url, lies), loop).result(30)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _listen(url: str, lies: Mapping[bytes, bytes]) -> asyncio.Server:
    parts = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(parts.hostname, parts.port, limit=_AT_ONCE)
        await asyncio.gather(_pass(reader, ours, {}), _pass(theirs, writer, lies))

    return await asyncio.start_server(serve, "127.0.0.1", 0, limit=_AT_ONCE)


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter, lies: Mapping[bytes, bytes]) -> None:
    try:
        while data := await source.read(_AT_ONCE):
            for truth, lie in lies.items():
                assert len(truth) == len(lie)
                data = data.replace(truth, lie)
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        return
    finally:
        sink.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
