"""requests on threads: as many downloads at once as the pool has threads."""

from concurrent.futures import ThreadPoolExecutor

from requests_session import download, open_session
from worker import serve


class Threads:
    def __init__(self, work):
        self.work = work
        self.session = open_session(work)
        self.executor = ThreadPoolExecutor(max_workers=work.limit)

    def run(self, units):
        return list(self.executor.map(self.download, units))

    def download(self, unit):
        return download(self.session, self.work, unit)

    def close(self):
        self.executor.shutdown()
        self.session.close()


if __name__ == "__main__":
    serve(Threads)
