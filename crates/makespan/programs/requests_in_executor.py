"""requests in an executor: the remedy. The event loop gives each blocking download to a thread and awaits that."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from requests_session import download, open_session
from worker import serve


class InExecutor:
    def __init__(self, work):
        self.work = work
        self.session = open_session(work)
        self.executor = ThreadPoolExecutor(max_workers=work.limit)
        self.loop = asyncio.new_event_loop()

    def run(self, units):
        return self.loop.run_until_complete(self.gather(units))

    async def gather(self, units):
        return await asyncio.gather(*(self.download(unit) for unit in units))

    def download(self, unit):
        return self.loop.run_in_executor(self.executor, download, self.session, self.work, unit)

    def close(self):
        self.executor.shutdown()
        self.loop.close()
        self.session.close()


if __name__ == "__main__":
    serve(InExecutor)
