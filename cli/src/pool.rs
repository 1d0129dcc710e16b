//! Threads that check signatures.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    process,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use vidimus::{
    Verification,
    signature::{Batch, Discharged},
};

/// Batches that wait for a thread, and whether more will come.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Batch>,
    closed: bool,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks batches on `threads − 1` threads of its own and, when there is nothing else to do, on the caller's.
#[derive(Debug)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    results: mpsc::Receiver<Discharged>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    pub(crate) fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared::default());
        let (sender, results) = mpsc::channel();
        let threads = (1..threads)
            .map(|_| {
                let (shared, sender) = (Arc::clone(&shared), sender.clone());
                thread::spawn(move || work_or_abort(&shared, &sender))
            })
            .collect();
        Self { shared, results, threads }
    }

    /// Hands out what is ready and takes in what is done.
    pub(crate) fn exchange(&self, verification: &mut Verification) {
        while let Some(batch) = verification.next_batch() {
            self.shared.lock().waiting.push_back(batch);
            self.shared.changed.notify_one();
        }
        while let Ok(discharged) = self.results.try_recv() {
            verification.discharge(&discharged);
        }
    }

    /// Makes progress on outstanding signatures: checks a waiting batch here, or waits for a thread.
    pub(crate) fn help(&self, verification: &mut Verification) {
        self.exchange(verification);
        let waiting = self.shared.lock().waiting.pop_front();
        if let Some(batch) = waiting {
            verification.discharge(&batch.verify());
        } else if verification.progress(0).outstanding > 0
            && let Ok(discharged) = self.results.recv()
        {
            verification.discharge(&discharged);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        {
            let mut queue = self.shared.lock();
            queue.closed = true;
            queue.waiting.clear();
        }
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // No thread has panicked: that would have ended the process.
            drop(thread.join());
        }
    }
}

/// Ends the process if a thread panics, as the profiles' `panic = "abort"` does. Where a build unwinds, as
/// for tests, the batch of that thread would never come back and the caller would wait for ever.
fn work_or_abort(shared: &Shared, results: &mpsc::Sender<Discharged>) {
    if catch_unwind(AssertUnwindSafe(|| work(shared, results))).is_err() {
        process::abort();
    }
}

fn work(shared: &Shared, results: &mpsc::Sender<Discharged>) {
    loop {
        let batch = {
            let mut queue = shared.lock();
            loop {
                if let Some(batch) = queue.waiting.pop_front() {
                    break batch;
                }
                if queue.closed {
                    return;
                }
                queue = shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        };
        if results.send(batch.verify()).is_err() {
            return;
        }
    }
}
