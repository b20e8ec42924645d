//! `gazette search`.

use crate::model::error::Problem;
use crate::services::subscriptions::Subscriptions;
use crate::services::{Parts, find};
use crate::store::Reader;

use super::SearchArgs;
use super::list::{Dated, Rows};
use super::out::{Ended, Out};

pub(super) fn run(parts: &Parts<'_>, arguments: &SearchArgs, out: &mut Out) -> Ended {
    let reader = Reader::open(parts.data_dir).map_err(Problem::from)?;
    let feeds = Subscriptions::load(parts.config, &reader)?;
    let text = arguments.query.join(" ");
    let mut rows = Rows {
        parts,
        reader: &reader,
        feeds: &feeds,
        asked: None,
        dated: Dated::Published,
        now: (parts.clock)(),
        format: arguments.format,
        out,
        stopped: None,
    };
    find::search(&reader, &text, arguments.limit, &mut |head| {
        rows.print(head)
    })?;
    rows.end()
}
