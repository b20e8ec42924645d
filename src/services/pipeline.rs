//! Questions on one async thread, answers read on a thread a core, what they brought stored by the
//! caller.
//!
//! ```text
//! ask (one async thread) ─> prepare (a thread a core) ─> take (the caller's thread)
//! ```
//!
//! Every channel is bounded, so that a slow disk slows the network down and memory stays flat.

use std::future::Future;
use std::io;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc as answers, oneshot};
use tokio::task::JoinSet;

use super::Stop;

/// How often one that waits for the network looks whether it should stop.
const STOP_CHECK: Duration = Duration::from_millis(50);

/// Finished pieces of work that may wait for the caller.
const FINISHED_WAITING: usize = 4;

/// Runs `jobs` pieces of work through `ask`, `prepare` and `take`; returns whether it was stopped
/// early. What is under way then is dropped.
///
/// `ask` blocks until all answers are sent or its receiver has something.
pub(super) fn run<A: Send, F: Send>(
    jobs: usize,
    ask: impl FnOnce(&answers::Sender<A>, oneshot::Receiver<()>) + Send,
    prepare: impl Fn(A) -> F + Sync,
    stop: Stop<'_>,
    take: &mut dyn FnMut(F),
) -> bool {
    let preparers = thread::available_parallelism()
        .map_or(2, |n| n.get().clamp(1, 8))
        .min(jobs);
    let (answered, to_prepare) = answers::channel(preparers.max(1));
    let to_prepare = Mutex::new(to_prepare);
    let (finished, to_take) = mpsc::sync_channel::<F>(FINISHED_WAITING);
    let (cancel, cancelled) = oneshot::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || ask(&answered, cancelled));
        for _ in 0..preparers {
            let (to_prepare, finished, prepare) = (&to_prepare, finished.clone(), &prepare);
            scope.spawn(move || {
                while let Some(answer) = next(to_prepare) {
                    if finished.send(prepare(answer)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(finished);
        let mut cancel = Some(cancel);
        loop {
            match to_take.recv_timeout(STOP_CHECK) {
                Ok(finished) => take(finished),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if stop() {
                if let Some(cancel) = cancel.take() {
                    let _ = cancel.send(());
                }
                break;
            }
        }
        drop(to_take);
        cancel.is_none()
    })
}

/// Waits for the next answer; nothing once all are taken.
fn next<A>(answers: &Mutex<answers::Receiver<A>>) -> Option<A> {
    // A preparer that panicked while it held the lock has taken nothing half: the queue is whole.
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.blocking_recv()
}

/// Asks for each of `jobs` at the same time, and sends the answers in the order in which they come.
pub(super) async fn ask_each<J, A, Asking>(
    jobs: Vec<J>,
    answers: &answers::Sender<A>,
    ask: impl Fn(J) -> Asking,
) where
    A: Send + 'static,
    Asking: Future<Output = A> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for job in jobs {
        let (answers, asking) = (answers.clone(), ask(job));
        tasks.spawn(async move {
            // Nobody listens any more where it was stopped.
            let _ = answers.send(asking.await).await;
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// Runs `asking` on an async runtime of this thread until it ends or `cancelled` comes.
///
/// Errs where the system gives no runtime; nothing was asked then.
pub(super) fn run_async(
    asking: impl Future<Output = ()>,
    cancelled: oneshot::Receiver<()>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            () = asking => {}
            _ = cancelled => {}
        }
    });
    // A name that is still being looked up must not hold the program.
    runtime.shutdown_background();
    Ok(())
}
