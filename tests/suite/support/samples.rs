//! Feeds written for the tests. Every name in them is invented.

/// Puts items into an RSS 2.0 feed.
pub fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>Policy Weekly</title><link>https://policy.example/</link>{items}</channel></rss>"
    )
}

/// Returns an item with a guid, a title and a body as HTML. It is published on a day that becomes
/// older and older: where it matters that it is news, take [`news`].
pub fn item(guid: &str, title: &str, html: &str) -> String {
    dated("Tue, 24 Nov 2026 09:14:00 GMT", guid, title, html)
}

/// The same, published an hour ago.
pub fn news(guid: &str, title: &str, html: &str) -> String {
    let time = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let date = time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    dated(&date, guid, title, html)
}

fn dated(date: &str, guid: &str, title: &str, html: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
         <link>https://policy.example/{guid}</link><pubDate>{date}</pubDate>\
         <content:encoded><![CDATA[{html}]]></content:encoded></item>"
    )
}

/// Returns a strategy with five pillars, published in five ways.
pub fn pillars() -> [(&'static str, String); 5] {
    let pillars = [
        "Shared platforms that are built once and used everywhere by all departments",
        "Better use of data",
        "Whole services",
        "People and skills",
        "Tools for civil servants",
    ];
    let numbered = |before: &str, after: &str| -> String {
        pillars
            .iter()
            .enumerate()
            .map(|(at, pillar)| format!("{before}{}. {pillar}{after}", at + 1))
            .collect()
    };
    let items: String = pillars
        .iter()
        .map(|pillar| format!("<li>{pillar}</li>"))
        .collect();
    [
        ("ol", format!("<p>Five pillars:</p><ol>{items}</ol>")),
        (
            "paragraphs",
            format!("<p>Five pillars:</p>{}", numbered("<p>", "</p>")),
        ),
        (
            "breaks",
            format!("<p>Five pillars:<br>{}</p>", numbered("", "<br>")),
        ),
        (
            "pre",
            format!("<p>Five pillars:</p><pre>{}</pre>", numbered("", "\n")),
        ),
        (
            "plain",
            format!("Five pillars:\n\n{}", numbered("  ", "\n")),
        ),
    ]
}
