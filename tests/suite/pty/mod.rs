//! The program in a real pseudo-terminal.
//!
//! - `screen`: [`Screen`], a terminal with the program in it
//! - `shown`: what is on it
//! - `bytes`: what the program wrote, piece by piece
//! - `ends`: however it ends, the terminal is as it was
//! - `beside`: beside other programs with the same cache
//! - `disk`: where nothing can be written
//! - `away`: stopped and continued, killed and started again
//! - `input`: what comes from a terminal and is no key
//! - `output`: what may be written, and what may not
//! - `writing`: what is typed of a comment; `comments`: those of a site

mod away;
mod beside;
mod bytes;
mod comments;
mod disk;
mod ends;
mod input;
mod output;
pub mod screen;
mod shown;
mod writing;

use crate::support::env::TestEnv;
use crate::support::samples::{news, rss};

/// Returns a folder with two sections of three articles each, already refreshed. All is ASCII.
fn two_sections() -> TestEnv {
    let env = TestEnv::new();
    let mut config = String::from("[general]\nrefresh = \"manual\"\n");
    for section in ["News", "Figures"] {
        let articles: String = (1..=3)
            .map(|at| {
                let paragraphs: String = (1..=40)
                    .map(|line| format!("<h2>Part {line}</h2><p>{section} {at}, line {line}.</p>"))
                    .collect();
                let guid = format!("{section}-{at}");
                news(&guid, &format!("{section} article {at}"), &paragraphs)
            })
            .collect();
        let file = format!("{section}.xml");
        env.write(&file, rss(&articles));
        config.push_str(&format!(
            "[[sections]]\nname = \"{section}\"\n[[sections.feeds]]\nurl = \"{}\"\n",
            env.file_url(&file)
        ));
    }
    env.configure(&config);
    assert_eq!(env.run(&["refresh"]).code, Some(0));
    env
}
