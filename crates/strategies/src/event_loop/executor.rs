//! The loop: tasks in a table, each resumed when what it waits for has happened.
//!
//! There are no wakers. A task that waits leaves the number of its slot with its socket or its moment, and the loop polls that slot.
//! So whatever combines futures inside a unit must poll all of them each time.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use anyhow::{Context as _, Result};
use futures_channel::oneshot::Receiver;

use crate::event_loop::kernel::{Events, System};

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The loop. It turns on the thread that calls [`run`](Self::run). Only that thread takes its locks; they are there because futures must be
/// `Send`.
pub(crate) struct Loop {
    pub(crate) system: System,
    /// The slot that is being polled.
    current: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Tasks that have never been polled.
    spawned: Vec<Task>,
    /// The slots that wait for a moment. Two moments may be equal, so each has a number too.
    timers: BTreeMap<(Instant, u64), usize>,
    timers_made: u64,
    /// The moment that the kernel's timer is set to.
    set_to: Option<Instant>,
    sockets: Vec<Watched>,
    unused: Vec<usize>,
    /// Keys of closed sockets. The current events may still name them, so they are given out again only after the next wait.
    forgotten: Vec<usize>,
}

/// What a task may wait for on a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Something to read.
    Read,
    /// Room to write.
    Write,
}

/// One socket: the events that nobody has used yet, and the slot that waits.
#[derive(Default)]
struct Watched {
    readable: bool,
    writable: bool,
    ended: bool,
    waiting: Option<(Side, usize)>,
}

impl Watched {
    /// Whether the task can go on. That uses up an event, but not the end of a connection.
    fn take(&mut self, side: Side) -> bool {
        let news = match side {
            Side::Read => &mut self.readable,
            Side::Write => &mut self.writable,
        };
        std::mem::take(news) || self.ended
    }
}

impl Loop {
    pub(crate) fn open() -> Result<Self> {
        Ok(Loop {
            system: System::open()?,
            current: AtomicUsize::new(0),
            state: Mutex::default(),
        })
    }

    /// Adds a task, which is first polled at the next turn.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let task = Box::pin(task);
        self.lock().spawned.push(task);
    }

    /// Turns until there is a result. Then it drops the tasks that are left.
    pub(crate) fn run<T>(&self, mut result: Receiver<T>) -> Result<T> {
        let (mut tasks, mut events, mut due) = (Tasks::of(self), Events::new(), Vec::new());
        loop {
            tasks.start_spawned();
            let result = result.try_recv();
            if let Some(result) = result.context("the run was dropped before its end")? {
                return Ok(result);
            }
            self.wait(&mut events, &mut due)?;
            for slot in due.drain(..) {
                tasks.poll(slot);
            }
        }
    }

    /// Waits until something happens, and collects the slots that waited for it.
    fn wait(&self, events: &mut Events, due: &mut Vec<usize>) -> Result<()> {
        let blocks = self.set_timer()?;
        self.system.wait(blocks, events)?;
        let state = &mut *self.lock();
        for (key, happened) in events.iter() {
            let Some(watched) = state.sockets.get_mut(key) else {
                continue;
            };
            watched.readable |= happened.readable;
            watched.writable |= happened.writable;
            watched.ended |= happened.ended;
            let concerned = watched.waiting.take_if(|(side, _)| match side {
                Side::Read => happened.readable,
                Side::Write => happened.writable,
            });
            due.extend(concerned.map(|(_, slot)| slot));
        }
        if !state.timers.is_empty() {
            let now = Instant::now();
            while let Some(first) = state
                .timers
                .first_entry()
                .filter(|first| first.key().0 <= now)
            {
                due.push(first.remove());
            }
        }
        Ok(())
    }

    /// Sets the kernel's timer to the next moment. Returns `false` if that moment has come, so that the loop must not block.
    fn set_timer(&self) -> Result<bool> {
        let state = &mut *self.lock();
        state.unused.append(&mut state.forgotten);
        let Some((&(at, _), _)) = state.timers.first_key_value() else {
            return Ok(true);
        };
        let left = at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        if state.set_to != Some(at) {
            self.system.ring_after(left)?;
            state.set_to = Some(at);
        }
        Ok(true)
    }

    /// Begins to watch a socket, and returns its key.
    pub(crate) fn watch(&self, socket: &TcpStream) -> Result<usize> {
        let state = &mut *self.lock();
        let key = state.unused.pop().unwrap_or_else(|| {
            state.sockets.push(Watched::default());
            state.sockets.len() - 1
        });
        state.sockets[key] = Watched::default();
        self.system.watch(socket, key)?;
        Ok(key)
    }

    /// Ends the watch over a socket that is about to be closed.
    pub(crate) fn forget(&self, key: usize) {
        let state = &mut *self.lock();
        state.sockets[key] = Watched::default();
        state.forgotten.push(key);
    }

    /// Waits for an event on one side of a socket.
    pub(crate) fn until(&self, key: usize, side: Side) -> impl Future<Output = ()> + Send {
        poll_fn(move |_| {
            let watched = &mut self.lock().sockets[key];
            if watched.take(side) {
                return Poll::Ready(());
            }
            watched.waiting = Some((side, self.current.load(Ordering::Relaxed)));
            Poll::Pending
        })
    }

    /// Waits until `at`.
    pub(crate) fn sleep_until(&self, at: Instant) -> Sleep<'_> {
        Sleep {
            on: self,
            at,
            number: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait for a moment. If it is dropped, it removes its timer, which could end a later wait too early.
pub(crate) struct Sleep<'a> {
    on: &'a Loop,
    at: Instant,
    number: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<()> {
        if Instant::now() >= self.at {
            return Poll::Ready(());
        }
        if self.number.is_none() {
            let state = &mut *self.on.lock();
            state.timers_made += 1;
            let (number, slot) = (state.timers_made, self.on.current.load(Ordering::Relaxed));
            state.timers.insert((self.at, number), slot);
            self.number = Some(number);
        }
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.on.lock().timers.remove(&(self.at, number));
        }
    }
}

/// The tasks of one run. A slot is reused when its task is done.
struct Tasks<'a> {
    on: &'a Loop,
    slots: Vec<Option<Task>>,
    unused: Vec<usize>,
}

impl<'a> Tasks<'a> {
    fn of(on: &'a Loop) -> Self {
        Tasks {
            on,
            slots: Vec::new(),
            unused: Vec::new(),
        }
    }

    /// Polls new tasks once, and the tasks that these add.
    fn start_spawned(&mut self) {
        loop {
            let spawned = std::mem::take(&mut self.on.lock().spawned);
            if spawned.is_empty() {
                return;
            }
            for task in spawned {
                let slot = self.unused.pop().unwrap_or(self.slots.len());
                match self.slots.get_mut(slot) {
                    Some(place) => *place = Some(task),
                    None => self.slots.push(Some(task)),
                }
                self.poll(slot);
            }
        }
    }

    /// Polls the task of a slot, unless it has already ended by another event of the same turn.
    fn poll(&mut self, slot: usize) {
        let Some(Some(task)) = self.slots.get_mut(slot) else {
            return;
        };
        self.on.current.store(slot, Ordering::Relaxed);
        let mut context = Context::from_waker(Waker::noop());
        if task.as_mut().poll(&mut context).is_ready() {
            self.slots[slot] = None;
            self.unused.push(slot);
        }
    }
}

impl Drop for Tasks<'_> {
    /// After a panic there may be tasks that were never polled. They must not run in a later run.
    fn drop(&mut self) {
        // A task may take the lock when it is dropped, so it is dropped outside the lock.
        let spawned = std::mem::take(&mut self.on.lock().spawned);
        drop(spawned);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
