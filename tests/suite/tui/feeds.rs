//! Feeds written for the tests, and what another program does with the cache meanwhile.

use std::fs;

use gazette::polite::Urgency;
use gazette::services::refresh::{self, Request};
use gazette::store::Store;
use jiff::SignedDuration;

use super::driver::{Driver, clock};

/// Returns a feed with these articles.
pub fn feed(title: &str, articles: &[String]) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title>{}</channel></rss>",
        articles.concat()
    )
}

/// Returns an article of so many minutes ago; its address is made of its guid.
pub fn article(guid: &str, title: &str, minutes: i64, html: &str) -> String {
    let at = clock() - SignedDuration::from_mins(minutes);
    format!(
        "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
         <link>https://news.example/{guid}</link><pubDate>{}</pubDate>\
         <description><![CDATA[{html}]]></description></item>",
        at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    )
}

/// Returns so many articles, named `Title 1` and on, ten minutes apart.
pub fn many(prefix: &str, count: i64) -> Vec<String> {
    (1..=count)
        .map(|n| {
            let guid = format!("{prefix}{n}");
            let html = format!("<p>Words of {guid}.</p>");
            article(&guid, &format!("Title {guid}"), n * 10, &html)
        })
        .collect()
}

/// Puts another text in a feed's file.
pub fn rewrite(driver: &Driver, feed: usize, text: &str) {
    fs::write(driver.folder().join(format!("feed-{feed}.xml")), text).unwrap();
}

/// Polls all feeds, as another program does.
pub fn refresh(driver: &Driver) {
    let shared = driver.shared();
    let mut store = store(driver);
    let request = Request {
        sections: Vec::new(),
        feeds: Vec::new(),
        urgency: Urgency::Forced,
    };
    let parts = shared.parts();
    refresh::refresh(&parts, &mut store, &request, &|| false, &mut |_| {}).unwrap();
}

/// Opens the cache as another program does.
pub fn store(driver: &Driver) -> Store {
    Store::open(&driver.shared().data_dir).unwrap()
}
