//! Work for many threads whose results come in order: the same whatever their number. Knows no test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

/// As much as the first thread of a process has: what nests deeply may do so on each.
const STACK: usize = 8 << 20;

/// Does a piece of work for each index below a count, on some threads, each with a state of its own. Where a result ends
/// the work, nothing that stands behind it is given; what was done of that already is dropped.
pub(super) fn each<T: Send, S: Send>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    ends: impl Fn(&T) -> bool + Sync,
) -> (Vec<T>, Vec<S>) {
    let (next, last) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
    let worker = || {
        let (mut state, mut done) = (state(), Vec::new());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            // The last index only ever falls, so that everything before it is done.
            if index >= count || index > last.load(Ordering::Relaxed) {
                return (state, done);
            }
            let result = work(&mut state, index);
            if ends(&result) {
                last.fetch_min(index, Ordering::Relaxed);
            }
            done.push((index, result));
        }
    };
    let threads = threads.clamp(1, count.max(1));
    let of_each = std::thread::scope(|scope| {
        let spawned: Vec<_> = (1..threads)
            // Where the system gives no more threads, fewer do the same.
            .map_while(|_| {
                Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, worker)
                    .ok()
            })
            .collect();
        let mut of_each = vec![worker()];
        for thread in spawned {
            match thread.join() {
                Ok(done) => of_each.push(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        of_each
    });
    let (mut states, mut done) = (Vec::new(), Vec::new());
    for (state, some) in of_each {
        states.push(state);
        done.extend(some);
    }
    done.sort_unstable_by_key(|(index, _)| *index);
    let last = last.into_inner();
    let kept = done.into_iter().take_while(|(index, _)| *index <= last);
    (kept.map(|(_, result)| result).collect(), states)
}
