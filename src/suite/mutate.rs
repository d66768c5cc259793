//! Small changes of a policy, one at a time, and whether any test notices them.
