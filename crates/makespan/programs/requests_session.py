"""A requests session whose connections are open before the clock starts; without the package, the end."""

import worker

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError as error:
    worker.unsupported(error)


def open_session(work):
    """A session that keeps as many connections as are in flight at once, all of them open."""
    session = requests.Session()
    # Neither proxies nor passwords out of the environment: the server is on this machine.
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=work.connections))
    # An answer that is not read yet holds its connection, so that each of these opens another.
    answers = [session.get(work.ready, stream=True) for _ in range(work.connections)]
    for answer in answers:
        answer.content
    return session


def download(session, work, unit):
    """One download, start to end: the calling thread waits for it."""
    response = session.get(work.url(unit))
    response.raise_for_status()
    return work.tally(unit, response.content)
