//! Places on a sheet that survive another width.
//!
//! Every line has a [`Spot`] of its own, and each line's is greater than that of the line above. So
//! a reader who keeps a spot finds the same line again after any other width, and the same piece of
//! text (paragraph, item, table, …) at that one.

use super::Sheet;
use crate::model::document::{Line, Role, Spot};

impl Sheet {
    /// Returns the spot of each line of [`Sheet::lines`]: the head is block 0, block `b` of the text
    /// is `b + 1`, and the foot is the block after the last. A blank line between two blocks belongs
    /// to the lower one.
    pub fn spots(&self) -> Vec<Spot> {
        let after_last = self.body.lines.last().map_or(1, |line| line.block + 2);
        let head = self.head.iter().map(|line| (0, line));
        let body = self.body.lines.iter().map(|line| (line.block + 1, line));
        let foot = self.foot.iter().map(|line| (after_last, line));
        let mut next = Spot::default();
        head.chain(body)
            .chain(foot)
            .map(|(block, line)| {
                let block = u32::try_from(block).unwrap_or(u32::MAX);
                if next.block != block {
                    next = Spot { block, offset: 0 };
                }
                let spot = next;
                next.offset = next.offset.saturating_add(characters(line));
                spot
            })
            .collect()
    }
}

/// Returns the index of the line that holds `spot`: the last one that doesn't begin behind it; 0
/// where there is none.
pub fn line_of(spots: &[Spot], spot: Spot) -> usize {
    spots
        .partition_point(|line| *line <= spot)
        .saturating_sub(1)
}

/// Counts what a line holds at any width: neither blanks nor marks. A line of nothing else counts as
/// one, so that the next line has a place of its own.
fn characters(line: &Line) -> u32 {
    let text = line.spans.iter().filter(|span| {
        !matches!(
            span.style.role,
            Role::QuoteMark | Role::BannerMark | Role::Rule
        )
    });
    let characters = text.flat_map(|span| span.text.chars());
    let count = characters.filter(|c| !c.is_whitespace()).count();
    u32::try_from(count).unwrap_or(u32::MAX).max(1)
}
