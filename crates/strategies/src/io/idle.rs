//! Idle connections, for clients that keep their own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use workloads::Request;

/// Connections that a client opens at a time: enough to be quick, and few enough for any backlog of the server.
pub(crate) const OPENED_TOGETHER: usize = 100;

/// The idle connections of one client, as a stack: the last used is the next used.
///
/// A [fresh](Request::fresh) request has a connection of its own. It takes none from here, and its connection never comes here.
pub(crate) struct Idle<C>(Mutex<Vec<C>>);

impl<C> Idle<C> {
    /// No connection, and room for so many.
    pub(crate) fn with_room(connections: usize) -> Self {
        Idle(Mutex::new(Vec::with_capacity(connections)))
    }

    /// An idle connection for a request; `None` if it needs a new one.
    ///
    /// The lock is given back before the caller opens one.
    pub(crate) fn take(&self, request: &Request) -> Option<C> {
        if request.fresh {
            return None;
        }
        self.lock().pop()
    }

    /// Keeps the connection of a request that has been answered. That of a fresh request is closed.
    pub(crate) fn put_back(&self, request: &Request, connection: C) {
        if !request.fresh {
            self.lock().push(connection);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<C>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(crate) mod tests;
