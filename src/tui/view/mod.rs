//! Draws the state: every pane is a function of it, and keeps nothing.

#[cfg(test)]
pub(crate) mod tests;
