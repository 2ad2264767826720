"""requests in coroutines: the mistake. Each download holds the event loop, so that gathering them gains nothing."""

import asyncio

from requests_session import download, open_session
from worker import serve


class OnEventLoop:
    def __init__(self, work):
        self.work = work
        self.session = open_session(work)
        self.loop = asyncio.new_event_loop()

    def run(self, units):
        return self.loop.run_until_complete(self.gather(units))

    async def gather(self, units):
        return await asyncio.gather(*(self.download(unit) for unit in units))

    async def download(self, unit):
        # It never awaits: nothing else runs until the answer is there.
        return download(self.session, self.work, unit)

    def close(self):
        self.loop.close()
        self.session.close()


if __name__ == "__main__":
    serve(OnEventLoop)
