//! A queue in one piece: what is in it is a slice, and its ends are one comparison away. It knows nothing of its items.

/// The fewest items that left before the others move up.
const FEWEST: usize = 16;

/// A queue. What left is let go of when as many items have left as have stayed, or at once where nothing stays.
#[derive(Clone, Debug)]
pub(super) struct Queue<T> {
    /// Those that left, and those that are in the queue.
    items: Vec<T>,
    /// INVARIANT: how many have left, no more than there are.
    left: usize,
}

impl<T> Queue<T> {
    pub(super) const fn new() -> Self {
        Self {
            items: Vec::new(),
            left: 0,
        }
    }

    /// The items, oldest first.
    #[inline]
    pub(super) fn items(&self) -> &[T] {
        self.items.get(self.left..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.items.len().saturating_sub(self.left)
    }

    #[inline]
    pub(super) fn front(&self) -> Option<&T> {
        self.items.get(self.left)
    }

    #[inline]
    pub(super) fn back(&self) -> Option<&T> {
        self.items().last()
    }

    #[inline]
    pub(super) fn push_back(&mut self, item: T) {
        self.items.push(item);
    }

    #[inline]
    pub(super) fn pop_back(&mut self) {
        if self.items.len() > self.left {
            self.items.pop();
        }
    }

    #[inline]
    pub(super) fn pop_front(&mut self) {
        if self.left < self.items.len() {
            self.left = self.left.saturating_add(1);
            if self.left >= FEWEST && self.left >= self.len() {
                self.items.drain(..self.left);
                self.left = 0;
            }
        }
    }

    /// Whether one more item would need more memory.
    pub(super) fn is_full(&self) -> bool {
        self.items.len() == self.items.capacity()
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.left = 0;
    }
}
