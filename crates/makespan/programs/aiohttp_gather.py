"""aiohttp and gather: one coroutine for each download, all on one thread."""

import asyncio

import worker

try:
    import aiohttp
except ImportError as error:
    worker.unsupported(error)


class Gather:
    def __init__(self, work):
        self.work = work
        self.loop = asyncio.new_event_loop()
        self.session = self.loop.run_until_complete(self.open_session())

    async def open_session(self):
        # At most so many connections, and by that so many downloads at once: the others wait for one to be free.
        # They stay open between samples, however long other rows take.
        connector = aiohttp.TCPConnector(limit=self.work.limit, keepalive_timeout=3600)
        session = aiohttp.ClientSession(connector=connector)
        # No answer is there before all of these have asked for a connection of their own.
        ready = (session.get(self.work.ready) for _ in range(self.work.connections))
        for answer in await asyncio.gather(*ready):
            await answer.read()
        return session

    def run(self, units):
        return self.loop.run_until_complete(self.gather(units))

    async def gather(self, units):
        return await asyncio.gather(*(self.download(unit) for unit in units))

    async def download(self, unit):
        async with self.session.get(self.work.url(unit)) as response:
            response.raise_for_status()
            return self.work.tally(unit, await response.read())

    def close(self):
        self.loop.run_until_complete(self.session.close())
        self.loop.close()


if __name__ == "__main__":
    worker.serve(Gather)
