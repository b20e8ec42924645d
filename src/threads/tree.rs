//! Comments → the order of a thread.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::model::comment::{Comment, CommentId, Place, Thread, Threaded};

/// Puts comments into the order of a thread: depth first, siblings by date, those without one as
/// they came.
///
/// Whatever the site says of parents comes to an order: of two comments with one id the later one
/// counts; an answer to what isn't there begins a thread; where comments answer each other in a
/// circle, the oldest of them begins it.
pub fn thread(comments: Vec<Comment>) -> Thread {
    let comments = once_each(comments);
    let places: HashMap<&CommentId, usize> = comments
        .iter()
        .enumerate()
        .map(|(at, comment)| (&comment.id, at))
        .collect();
    let mut parents: Vec<Option<usize>> = comments
        .iter()
        .map(|comment| places.get(comment.parent.as_ref()?).copied())
        .collect();
    cut_circles(&comments, &mut parents);

    let mut firsts = Vec::new();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); comments.len()];
    for (at, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => children[*parent].push(at),
            None => firsts.push(at),
        }
    }
    let by_age = |one: &usize, other: &usize| by_age(&comments[*one], &comments[*other]);
    firsts.sort_by(by_age);
    for answers in &mut children {
        answers.sort_by(by_age);
    }

    let mut order = Vec::with_capacity(comments.len());
    let mut depths = vec![1_u32; comments.len()];
    let mut ahead: Vec<usize> = firsts.into_iter().rev().collect();
    while let Some(at) = ahead.pop() {
        order.push(at);
        for answer in children[at].iter().rev() {
            depths[*answer] = depths[at].saturating_add(1);
            ahead.push(*answer);
        }
    }
    // Answers come later in the order than what they answer.
    let mut replies = vec![0_u32; comments.len()];
    for at in order.iter().rev() {
        if let Some(parent) = parents[*at] {
            replies[parent] += replies[*at] + 1;
        }
    }

    let place = |at: usize, comment: &Comment| match (parents[at], &comment.parent) {
        (Some(_), _) => Place::Reply,
        (None, None) => Place::First,
        (None, Some(id)) if places.contains_key(id) => Place::First,
        (None, Some(_)) => Place::Orphan,
    };
    let told: Vec<Place> = (comments.iter().enumerate())
        .map(|(at, comment)| place(at, comment))
        .collect();
    let mut comments: Vec<Option<Comment>> = comments.into_iter().map(Some).collect();
    let threaded = order.into_iter().filter_map(|at| {
        Some(Threaded {
            comment: comments[at].take()?,
            depth: depths[at],
            replies: replies[at],
            place: told[at],
        })
    });
    Thread {
        comments: threaded.collect(),
    }
}

/// Returns each comment once, as it was told last, in the place where it was told first.
fn once_each(comments: Vec<Comment>) -> Vec<Comment> {
    let mut seen: HashMap<CommentId, usize> = HashMap::with_capacity(comments.len());
    let mut kept: Vec<Comment> = Vec::with_capacity(comments.len());
    for comment in comments {
        if let Some(at) = seen.get(&comment.id) {
            kept[*at] = comment;
        } else {
            seen.insert(comment.id.clone(), kept.len());
            kept.push(comment);
        }
    }
    kept
}

/// Takes the parent from the oldest comment of each circle.
fn cut_circles(comments: &[Comment], parents: &mut [Option<usize>]) {
    #[derive(Clone, Copy, PartialEq)]
    enum Met {
        Never,
        /// On the walk that began at this comment.
        From(usize),
    }
    let mut met = vec![Met::Never; comments.len()];
    for start in 0..comments.len() {
        let mut at = start;
        while met[at] == Met::Never {
            met[at] = Met::From(start);
            let Some(parent) = parents[at] else { break };
            at = parent;
        }
        // A walk that ends where it has been itself, and not at a thread's first, is in a circle.
        if parents[at].is_none() || met[at] != Met::From(start) {
            continue;
        }
        let mut oldest = at;
        let mut next = parents[at];
        while let Some(one) = next.filter(|one| *one != at) {
            if by_age(&comments[one], &comments[oldest]) == Ordering::Less {
                oldest = one;
            }
            next = parents[one];
        }
        parents[oldest] = None;
    }
}

/// Compares two comments by date, those of one second by number.
fn by_age(one: &Comment, other: &Comment) -> Ordering {
    let dates = match (one.published, other.published) {
        (Some(one), Some(other)) => one.cmp(&other),
        // Nothing else would be an order that holds for three.
        _ => one.published.is_some().cmp(&other.published.is_some()),
    };
    dates.then_with(|| match (one.id.number(), other.id.number()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => Ordering::Equal,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn comment(id: u64, parent: Option<u64>, second: i64) -> Comment {
        Comment {
            id: CommentId(id.to_string()),
            parent: parent.map(|id| CommentId(id.to_string())),
            author: String::new(),
            by_author: false,
            published: Some(Timestamp::from_second(second).unwrap()),
            html: String::new(),
            url: None,
        }
    }

    /// Returns id, depth, number of replies and place of each.
    fn laid(comments: Vec<Comment>) -> Vec<(u64, u32, u32, Place)> {
        let line = |one: Threaded| {
            let id = one.comment.id.number().unwrap();
            (id, one.depth, one.replies, one.place)
        };
        thread(comments).comments.into_iter().map(line).collect()
    }

    #[test]
    fn answers_stand_behind_what_they_answer_the_oldest_first() {
        let comments = vec![
            comment(5, Some(1), 50),
            comment(4, None, 40),
            // Dated before what it answers.
            comment(3, Some(4), 10),
            comment(2, Some(5), 60),
            comment(1, None, 20),
            comment(6, Some(1), 30),
        ];
        let expected = [
            (1, 1, 3, Place::First),
            (6, 2, 0, Place::Reply),
            (5, 2, 1, Place::Reply),
            (2, 3, 0, Place::Reply),
            (4, 1, 1, Place::First),
            (3, 2, 0, Place::Reply),
        ];
        assert_eq!(laid(comments), expected);
    }

    #[test]
    fn of_one_second_the_lower_number_comes_first() {
        let comments = vec![comment(10, None, 1), comment(9, None, 1)];
        let order: Vec<u64> = laid(comments).iter().map(|line| line.0).collect();
        assert_eq!(order, [9, 10]);
    }

    #[test]
    fn an_answer_to_what_is_not_there_begins_a_thread() {
        let comments = vec![comment(2, Some(1), 1), comment(3, Some(2), 2)];
        let expected = [(2, 1, 1, Place::Orphan), (3, 2, 0, Place::Reply)];
        assert_eq!(laid(comments), expected);
    }

    #[test]
    fn circles_are_begun_by_their_oldest() {
        let comments = vec![
            comment(1, Some(3), 20),
            comment(2, Some(1), 10),
            comment(3, Some(2), 30),
            comment(4, Some(4), 5),
            comment(5, Some(3), 40),
        ];
        let expected = [
            (4, 1, 0, Place::First),
            (2, 1, 3, Place::First),
            (3, 2, 2, Place::Reply),
            (1, 3, 0, Place::Reply),
            (5, 3, 0, Place::Reply),
        ];
        assert_eq!(laid(comments), expected);
    }

    #[test]
    fn what_comes_twice_stands_there_once_as_told_last() {
        let mut newer = comment(1, None, 1);
        newer.html = "newer".to_owned();
        let laid = thread(vec![comment(1, None, 1), comment(2, None, 2), newer]);
        assert_eq!(laid.comments.len(), 2);
        assert_eq!(laid.comments[0].comment.html, "newer");
    }

    proptest! {
        #[test]
        fn any_comments_come_out_once_each_and_behind_their_parents(
            told in proptest::collection::vec((0_u64..30, proptest::option::of(0_u64..40), 0_i64..9), 0..60)
        ) {
            let comments: Vec<Comment> = told
                .iter()
                .map(|(id, parent, second)| comment(*id, *parent, *second))
                .collect();
            let mut ids: Vec<u64> = told.iter().map(|line| line.0).collect();
            ids.sort_unstable();
            ids.dedup();
            let laid = thread(comments).comments;
            let mut out: Vec<u64> = laid.iter().map(|one| one.comment.id.number().unwrap()).collect();
            let mut path: Vec<CommentId> = Vec::new();
            for one in &laid {
                path.truncate(usize::try_from(one.depth).unwrap() - 1);
                if one.depth > 1 {
                    prop_assert_eq!(path.last(), one.comment.parent.as_ref());
                }
                path.push(one.comment.id.clone());
            }
            out.sort_unstable();
            prop_assert_eq!(out, ids);
        }
    }
}
