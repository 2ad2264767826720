"""asyncio and gather, with nothing but the standard library: one coroutine for each wait, all on one thread."""

import asyncio

from waits import SECOND, WAITS
from worker import serve


class Gather:
    def __init__(self, work):
        self.work = work
        self.loop = asyncio.new_event_loop()

    def run(self, units):
        return self.loop.run_until_complete(self.gather(units))

    async def gather(self, units):
        places = asyncio.Semaphore(self.work.limit)
        return await asyncio.gather(*(self.wait(places, unit) for unit in units))

    async def wait(self, places, unit):
        async with places:
            held = self.work.hold(unit)
            await asyncio.sleep(self.work.delay(unit) / SECOND)
            return self.work.tally(unit, held)

    def close(self):
        self.loop.close()


if __name__ == "__main__":
    serve(Gather, WAITS)
