//! Which windows a policy has, and which slot each is read from: identical ones share one. It never looks at a history.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::compiled::Compiled;
use super::plan::What;
use super::shape::{Shape, shape};
use super::window::{Method, Over, Window};

/// The most windows that all expressions of a policy may have together.
const MOST: usize = 1_000;

/// The windows of all expressions of one scope and of its copies.
#[derive(Clone, Debug)]
pub(super) struct Register {
    /// The slot of the first window; the one before it is that of the item of a `for_each`.
    first: usize,
    entries: Arc<Mutex<Entries>>,
}

#[derive(Debug, Default)]
struct Entries {
    windows: Vec<Arc<Window>>,
    /// Those that may be shared, by what is looked at and how far.
    shared: BTreeMap<(Shape, Over), Vec<Shared>>,
}

/// What the names of a window stand for, and the window.
type Shared = (Vec<Name>, Arc<Window>);

/// What a name in an expression turned out to be, in the order of its text.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Slot(usize),
    /// Where the named expression lies in memory: one of a baseline has the same name.
    Let(usize),
}

/// A window on its way into the register.
pub(super) struct Wanted<'t> {
    pub(super) text: &'t str,
    pub(super) of: Compiled,
    pub(super) method: Method,
    pub(super) over: Over,
}

impl Register {
    pub(super) fn new(first: usize) -> Self {
        Self {
            first,
            entries: Arc::default(),
        }
    }

    /// The window that is asked for, a new one if there is none; nothing if there are too many.
    pub(super) fn window(&self, wanted: Wanted<'_>) -> Option<Arc<Window>> {
        let Wanted {
            text,
            of,
            method,
            over,
        } = wanted;
        // The item is read from the same slot whatever list it comes from, and of whatever type it is.
        let item = self.item().is_some_and(|item| of.slots.contains(&item));
        let shape = if item { None } else { shape(&of.text) };
        let names = names(&of);
        let mut entries = self.entries();
        let Entries { windows, shared } = &mut *entries;
        let alike = shape.map(|shape| shared.entry((shape, over)).or_default());
        if let Some(alike) = &alike
            && let Some((_, known)) = alike
                .iter()
                .find(|(of, known)| known.method == method && *of == names)
        {
            return Some(Arc::clone(known));
        }
        if windows.len() >= MOST {
            return None;
        }
        let window = Arc::new(Window {
            text: text.into(),
            of: Arc::new(of),
            method,
            over,
            slot: self.first.checked_add(windows.len())?,
        });
        windows.push(Arc::clone(&window));
        if let Some(alike) = alike {
            alike.push((names, Arc::clone(&window)));
        }
        Some(window)
    }

    /// The slot of the item of a `for_each`.
    pub(super) fn item(&self) -> Option<usize> {
        self.first.checked_sub(1)
    }

    /// All windows, in the order of their slots.
    pub(super) fn windows(&self) -> Vec<Arc<Window>> {
        self.entries().windows.clone()
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Nothing is ever half written.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What every name of an expression stands for.
fn names(of: &Compiled) -> Vec<Name> {
    let names = of.steps.iter().filter_map(|step| match &step.what {
        What::Slot { slot, .. } => Some(Name::Slot(*slot)),
        What::Let(named) => Some(Name::Let(Arc::as_ptr(named).addr())),
        _ => None,
    });
    names.collect()
}
