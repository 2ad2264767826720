"""requests in a loop: one download after the other."""

from requests_session import download, open_session
from worker import serve


class Loop:
    def __init__(self, work):
        self.work = work
        self.session = open_session(work)

    def run(self, units):
        return [download(self.session, self.work, unit) for unit in units]

    def close(self):
        self.session.close()


if __name__ == "__main__":
    serve(Loop)
