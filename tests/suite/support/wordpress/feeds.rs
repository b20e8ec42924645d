//! The feeds: RSS 2.0 of the site's articles and of each article's comments.

use url::Url;

use super::{Comment, Post, Site, escaped, parameter};
use crate::support::server::{Answer, Asked};

/// How many items a feed holds.
const ITEMS: usize = 10;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" \
    xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
    xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"><channel>";

impl Site {
    /// Returns the address of the site's feed.
    pub fn feed_address(&self) -> String {
        if self.is_pretty {
            format!("{}/feed/", self.url)
        } else {
            format!("{}/?feed=rss2", self.url)
        }
    }

    /// Returns the address of the feed of a post's comments.
    pub fn comment_feed(&self, post: &Post) -> String {
        if self.is_pretty {
            format!("{}feed/", self.link(post))
        } else {
            format!("{}/?feed=rss2&p={}", self.url, post.id)
        }
    }

    /// Answers where a feed is asked for.
    pub(super) fn answer_feed(&self, asked: &Asked, url: &Url) -> Option<Answer> {
        let is_feed = parameter(url, "feed").is_some();
        match self.post_at(url) {
            Some((post, rest)) if is_feed || rest == "feed/" => {
                Some(self.with_links(conditional(asked, self.comments_as_rss(post)), Some(post)))
            }
            // The validators of the main feed don't change with comments.
            None if is_feed || (self.is_pretty && url.path() == "/feed/") => {
                let posts: Vec<String> = self.posts.iter().map(|post| post.slug.clone()).collect();
                let etag = format!("\"{}\"", posts.join("-"));
                if asked.header("if-none-match") == Some(etag.as_bytes()) {
                    return Some(Answer::status(304).header("ETag", etag));
                }
                Some(self.with_links(rss(self.posts_as_rss()).header("ETag", etag), None))
            }
            _ => None,
        }
    }

    fn posts_as_rss(&self) -> String {
        let mut posts: Vec<&Post> = self.posts.iter().collect();
        posts.sort_by_key(|post| std::cmp::Reverse(post.published));
        let items = posts.into_iter().take(ITEMS).map(|post| self.item(post));
        format!(
            "{HEAD}<title>Northern Isles</title><link>{}</link>{}</channel></rss>",
            self.url,
            items.collect::<String>()
        )
    }

    fn item(&self, post: &Post) -> String {
        let link = escaped(&self.link(post));
        let mut item = format!(
            "<item><title>{title}</title><link>{link}</link><dc:creator><![CDATA[editor]]></dc:creator>\
             <pubDate>{date}</pubDate><guid isPermaLink=\"false\">{url}/?p={id}</guid>\
             <description><![CDATA[What follows from it.]]></description>\
             <content:encoded><![CDATA[<p>{title}: what follows from it for the coming months.</p>]]></content:encoded>",
            title = escaped(&post.title),
            date = post.published.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            url = self.url,
            id = post.id,
        );
        let count = post.count();
        if post.is_open || count > 0 {
            let anchor = if count > 0 { "comments" } else { "respond" };
            item.push_str(&format!(
                "<comments>{link}#{anchor}</comments><wfw:commentRss>{}</wfw:commentRss>\
                 <slash:comments>{count}</slash:comments>",
                escaped(&self.comment_feed(post)),
            ));
        }
        item + "</item>"
    }

    fn comments_as_rss(&self, post: &Post) -> String {
        let mut comments: Vec<&Comment> = post.approved().collect();
        comments.sort_by_key(|comment| std::cmp::Reverse((comment.published, comment.id)));
        let items = comments.into_iter().take(ITEMS).map(|comment| {
            let parent = (post.approved()).find(|parent| parent.id == comment.parent);
            let reply = parent.map_or_else(String::new, |parent| {
                format!(
                    "<p>In reply to <a href=\"{}\">{}</a>.</p>\n",
                    escaped(&self.comment_link(post, parent.id)),
                    escaped(&parent.author)
                )
            });
            format!(
                "<item><title>By: {author}</title><link>{link}</link><dc:creator><![CDATA[{author}]]></dc:creator>\
                 <pubDate>{date}</pubDate><guid isPermaLink=\"false\">{url}/?p={post}#comment-{id}</guid>\
                 <content:encoded><![CDATA[{reply}{html}]]></content:encoded></item>",
                author = escaped(&comment.author),
                link = escaped(&self.comment_link(post, comment.id)),
                date = comment.published.strftime("%a, %d %b %Y %H:%M:%S +0000"),
                url = self.url,
                post = post.id,
                id = comment.id,
                html = comment.html,
            )
        });
        format!(
            "{HEAD}<title>Comments on: {}</title><link>{}</link>{}</channel></rss>",
            escaped(&post.title),
            escaped(&self.link(post)),
            items.collect::<String>()
        )
    }
}

/// Answers with a feed whose validator changes with its text.
fn conditional(asked: &Asked, text: String) -> Answer {
    let etag = format!("\"{:x}\"", twox_hash::XxHash3_64::oneshot(text.as_bytes()));
    if asked.header("if-none-match") == Some(etag.as_bytes()) {
        return Answer::status(304).header("ETag", etag);
    }
    rss(text).header("ETag", etag)
}

fn rss(text: String) -> Answer {
    Answer::ok(text).header("Content-Type", "application/rss+xml; charset=UTF-8")
}
