//! Walks `tests/golden/render`: `NAME.html` at each width with a `NAME.WIDTH.txt` beside it, and as
//! Markdown where there is a `NAME.md`.

use std::fs;
use std::path::Path;

use super::{document, set, text};
use crate::html::markdown;

#[test]
fn golden_articles_are_set_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render");
    let mut compared = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(stem) = name.strip_suffix(".txt") else {
            continue;
        };
        let (article, width) = stem.rsplit_once('.').expect("NAME.WIDTH.txt");
        let html = fs::read_to_string(folder.join(format!("{article}.html"))).unwrap();
        let lines = text(&set(&html, width.parse().unwrap()));
        let expected = fs::read_to_string(&path).unwrap();
        assert_eq!(format!("{lines}\n"), expected, "{name}");
        compared += 1;
    }
    assert!(compared >= 10, "golden files are missing");
}

#[test]
fn golden_articles_are_written_as_markdown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render");
    let mut compared = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "md") {
            continue;
        }
        let html = fs::read_to_string(path.with_extension("html")).unwrap();
        let expected = fs::read_to_string(&path).unwrap();
        assert_eq!(markdown(&document(&html)), expected, "{}", path.display());
        compared += 1;
    }
    assert!(compared >= 6, "golden files are missing");
}
