//! What goes wrong between a server and the cache, through the real program.

mod bodies;
mod characters;
mod identity;
mod isolation;

use serde_json::Value;

use crate::support::env::TestEnv;
use crate::support::samples::{item, rss};
use crate::support::server::FakeServer;

/// A feed with articles of these titles.
fn feed(titles: &[&str]) -> String {
    let items: String = titles
        .iter()
        .map(|title| item(title, title, &format!("<p>about {title}</p>")))
        .collect();
    rss(&items)
}

/// A program whose one feed is `/feed` of this server, with a line more under `[network]`.
fn subscribed(server: &FakeServer, network: &str) -> TestEnv {
    let env = TestEnv::new();
    let url = server.url("/feed");
    env.configure(&format!(
        "[network]\n{network}\n[[sections]]\nname = \"News\"\n[[sections.feeds]]\nurl = \"{url}\"\n"
    ));
    env
}

/// Polls all feeds, due or not, and returns the line of the first.
fn force(env: &TestEnv) -> Value {
    let ran = env.run(&["refresh", "--force", "--format", "json"]);
    let line = ran.out.lines().next().expect("a line a feed");
    serde_json::from_str(line).expect("JSON")
}

/// Returns the titles of all articles, as the list has them.
fn titles(env: &TestEnv) -> Vec<String> {
    let articles = env.json(&["list", "--format", "json"]);
    let titles = articles.iter().map(|article| article["title"].as_str());
    titles
        .map(|title| title.unwrap_or_default().to_owned())
        .collect()
}
