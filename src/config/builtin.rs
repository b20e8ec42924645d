//! The sections that apply where the configuration has none.

use super::settings::{ConfiguredFeed, Section};

/// The built-in feeds in order: section, short name, title, address, below one line of names.
const TABLE: &str = include_str!("defaults.tsv");

/// Returns the built-in sections.
pub(crate) fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in TABLE.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(section), Some(short), Some(title), Some(url)) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let feed = ConfiguredFeed {
            url: url.to_owned(),
            title: Some(title.to_owned()),
            short: Some(short.to_owned()),
            ..ConfiguredFeed::default()
        };
        match sections.iter_mut().find(|known| known.name == section) {
            Some(known) => known.feeds.push(feed),
            None => sections.push(Section {
                name: section.to_owned(),
                feeds: vec![feed],
            }),
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_seventeen_feeds_in_seven_sections() {
        let sections = sections();
        assert_eq!(sections.len(), 7);
        assert_eq!(TABLE.lines().count(), 18);
        let feeds: Vec<_> = sections.iter().flat_map(|section| &section.feeds).collect();
        assert_eq!(feeds.len(), 17);
        assert!(feeds.iter().all(|feed| feed.url.starts_with("https://")));
    }
}
