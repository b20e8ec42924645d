//! The articles as pages, in the classic theme: comments nested to five levels, page by page.

use url::Url;

use super::{Comment, Door, Post, Shown, Site, escaped, local, parameter};
use crate::support::server::Answer;

/// As deep as pages nest comments; what answers deeper ones stands beside them.
const DEEPEST: usize = 5;

impl Site {
    /// Answers where an article is asked for.
    pub(super) fn answer_page(&self, url: &Url) -> Option<Answer> {
        let (post, rest) = self.post_at(url)?;
        if self.is_pretty && parameter(url, "p").is_some() {
            return Some(Answer::redirect(301, self.link(post)));
        }
        let pages = self.pages(post);
        let number = rest.strip_prefix("comment-page-");
        let page = match number.and_then(|rest| rest.strip_suffix('/')) {
            Some(number) => number.parse().ok()?,
            None if !rest.is_empty() => return None,
            // The plain address shows the newest page.
            None => match parameter(url, "cpage") {
                Some(number) => number.parse().ok()?,
                None => pages,
            },
        };
        let held = parameter(url, "unapproved").and_then(|id| id.parse().ok());
        let parent = parameter(url, "replytocom").and_then(|id| id.parse().ok());
        let text = self.article(post, page, held, parent.unwrap_or(0));
        let answer = Answer::ok(text).header("Content-Type", "text/html; charset=UTF-8");
        Some(self.with_links(answer, Some(post)))
    }

    /// Returns what begins threads on the pages, the oldest first. Answers to what isn't there any
    /// more stand on no page.
    fn threads(post: &Post) -> Vec<&Comment> {
        let mut first: Vec<&Comment> = post.approved().filter(|one| one.parent == 0).collect();
        first.sort_by_key(|comment| (comment.published, comment.id));
        first
    }

    /// Returns how many pages the comments of a post take, 1 at least.
    fn pages(&self, post: &Post) -> usize {
        (Self::threads(post).len().div_ceil(self.threads_on_page)).max(1)
    }

    /// Returns the number of the page on which a comment stands.
    pub(super) fn page_of(&self, post: &Post, id: u64) -> usize {
        let mut top = id;
        // Comments may answer each other in a circle.
        for _ in 0..post.comments.len() {
            let comment = post.comments.iter().find(|comment| comment.id == top);
            match comment {
                Some(comment) if comment.parent != 0 => top = comment.parent,
                _ => break,
            }
        }
        let threads = Self::threads(post);
        let at = threads.iter().position(|comment| comment.id == top);
        at.unwrap_or(0) / self.threads_on_page + 1
    }

    /// Returns an article with one page of its comments. `held` is shown besides, as to who wrote it.
    fn article(&self, post: &Post, page: usize, held: Option<u64>, parent: u64) -> String {
        let (url, id, link) = (&self.url, post.id, escaped(&self.link(post)));
        let root = escaped(&self.rest_root());
        let comments = if self.has_comments_on_pages {
            self.comments(post, page, held, parent)
        } else {
            "<div id=\"remote-comments\"></div><script src=\"/comments.js\"></script>".to_owned()
        };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\" />\n\
             <title>{title} &#8211; Northern Isles</title>\n\
             <link rel=\"alternate\" type=\"application/rss+xml\" title=\"Northern Isles &raquo; Feed\" href=\"{feed}\" />\n\
             <link rel=\"alternate\" type=\"application/rss+xml\" title=\"Northern Isles &raquo; Comments Feed\" href=\"{url}/comments/feed/\" />\n\
             <link rel=\"alternate\" type=\"application/rss+xml\" title=\"Northern Isles &raquo; {title} Comments Feed\" href=\"{comment_feed}\" />\n\
             <link rel=\"https://api.w.org/\" href=\"{root}\" />\
             <link rel=\"alternate\" type=\"application/json\" href=\"{root}wp/v2/posts/{id}\" />\n\
             <link rel=\"canonical\" href=\"{link}\" />\n<link rel='shortlink' href='{url}/?p={id}' />\n</head>\n\
             <body class=\"post-template-default single single-post postid-{id} single-format-standard\">\n\
             <form role=\"search\" method=\"get\" class=\"search-form\" action=\"{url}/\"><input type=\"search\" name=\"s\" /></form>\n\
             <main><article id=\"post-{id}\" class=\"post-{id} post type-post\"><h1 class=\"entry-title\">{title}</h1>\n\
             <div class=\"entry-content\"><p>{title}: what follows from it for the coming months.</p></div></article>\n\
             {comments}</main>\n</body>\n</html>\n",
            title = escaped(&post.title),
            feed = escaped(&self.feed_address()),
            comment_feed = escaped(&self.comment_feed(post)),
        )
    }

    fn comments(&self, post: &Post, page: usize, held: Option<u64>, parent: u64) -> String {
        let visible: Vec<&Comment> = (post.comments.iter())
            .filter(|one| {
                one.shown == Shown::Approved || (one.shown == Shown::Held && Some(one.id) == held)
            })
            .collect();
        let pages = self.pages(post);
        let start = page.saturating_sub(1) * self.threads_on_page;
        let mut first: Vec<&Comment> = (visible.iter().copied())
            .filter(|one| one.parent == 0)
            .collect();
        first.sort_by_key(|comment| (comment.published, comment.id));
        let mut html = String::from("<div id=\"comments\" class=\"comments-area\">\n");
        if !visible.is_empty() {
            html.push_str(&format!(
                "<h2 class=\"comments-title\">{} comments</h2>\n<ol class=\"comment-list\">\n",
                post.count()
            ));
            for comment in first.into_iter().skip(start).take(self.threads_on_page) {
                self.nest(post, &visible, comment, 1, &mut html);
            }
            html.push_str("</ol>\n");
            html.push_str(&self.navigation(post, page, pages));
        }
        if post.is_open {
            html.push_str(&self.form(post, parent));
        } else if !visible.is_empty() {
            html.push_str("<p class=\"no-comments\">Comments are closed.</p>\n");
        }
        html + "</div>\n"
    }

    /// Writes a comment and what answers it.
    fn nest(&self, post: &Post, all: &[&Comment], one: &Comment, depth: usize, html: &mut String) {
        let mut answers: Vec<&Comment> =
            (all.iter().copied().filter(|answer| answer.parent == one.id)).collect();
        answers.sort_by_key(|comment| (comment.published, comment.id));
        let by_author = if one.account == 1 {
            " byuser bypostauthor"
        } else {
            ""
        };
        let awaiting = if one.shown == Shown::Held {
            "<em class=\"comment-awaiting-moderation\">Your comment is awaiting moderation.</em>\n"
        } else {
            ""
        };
        let link = escaped(&self.link(post));
        let reply = if depth < DEEPEST && post.is_open {
            format!(
                "<div class=\"reply\"><a rel='nofollow' class='comment-reply-link' \
                 href='{link}?replytocom={id}#respond' data-commentid=\"{id}\" data-postid=\"{post}\" \
                 aria-label='Reply to {author}'>Reply</a></div>",
                id = one.id,
                post = post.id,
                author = escaped(&one.author),
            )
        } else {
            String::new()
        };
        html.push_str(&format!(
            "<li id=\"comment-{id}\" class=\"comment{by_author} even depth-{depth}\">\n\
             <article id=\"div-comment-{id}\" class=\"comment-body\">\n<footer class=\"comment-meta\">\n\
             <div class=\"comment-author vcard\"><img alt='' src='https://avatars.example/60.png' class='avatar' />\
             <b class=\"fn\">{author}</b> <span class=\"says\">says:</span></div>\n\
             <div class=\"comment-metadata\"><a href=\"{link}#comment-{id}\"><time datetime=\"{time}\">{day}</time></a></div>\n\
             {awaiting}</footer>\n<div class=\"comment-content\">\n{text}</div>\n{reply}</article>\n",
            id = one.id,
            author = escaped(if one.author.is_empty() { "Anonymous" } else { &one.author }),
            time = local(one.published).strftime("%Y-%m-%dT%H:%M:%S%:z"),
            day = local(one.published).strftime("%B %-d, %Y"),
            text = one.html,
        ));
        if depth < DEEPEST {
            if !answers.is_empty() {
                html.push_str("<ol class=\"children\">\n");
                for answer in answers {
                    self.nest(post, all, answer, depth + 1, html);
                }
                html.push_str("</ol><!-- .children -->\n");
            }
            html.push_str("</li><!-- #comment-## -->\n");
        } else {
            html.push_str("</li><!-- #comment-## -->\n");
            for answer in answers {
                self.nest(post, all, answer, depth, html);
            }
        }
    }

    fn navigation(&self, post: &Post, page: usize, pages: usize) -> String {
        if pages < 2 {
            return String::new();
        }
        let mut links = Vec::new();
        let mut add = |class: &str, to: usize, words: &str| {
            links.push(format!(
                "<a class=\"{class}page-numbers\" href=\"{}#comments\">{words}</a>",
                escaped(&self.page_link(post, to))
            ));
        };
        if page > 1 {
            add("prev ", page - 1, "Older comments");
            add("", 1, "Page 1");
        }
        if page < pages {
            add("", pages, &format!("Page {pages}"));
            add("next ", page + 1, "Newer comments");
        }
        format!(
            "<nav class=\"navigation comments-pagination\"><div class=\"nav-links\">{}\
             <span aria-current=\"page\" class=\"page-numbers current\">Page {page}</span></div></nav>\n",
            links.join("\n")
        )
    }

    fn form(&self, post: &Post, parent: u64) -> String {
        let url = &self.url;
        if self.door == Door::Accounts {
            return format!(
                "<div id=\"respond\" class=\"comment-respond\"><p class=\"must-log-in\">You must be \
                 <a href=\"{url}/wp-login.php\">logged in</a> to post a comment.</p></div>\n"
            );
        }
        let mut more = String::new();
        if self.door == Door::Captcha {
            more.push_str(
                "<div class=\"h-captcha\" data-sitekey=\"10000000-ffff-ffff-ffff-000000000001\"></div>\n",
            );
        }
        if let Some((name, value)) = &self.token {
            more.push_str(&format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\" />\n",
                escaped(name),
                escaped(value)
            ));
        }
        format!(
            "<div id=\"respond\" class=\"comment-respond\">\n<h2 id=\"reply-title\">Leave a comment</h2>\
             <form action=\"{url}/wp-comments-post.php\" method=\"post\" id=\"commentform\" class=\"comment-form\" novalidate>\n\
             <p><textarea id=\"comment\" name=\"comment\" cols=\"45\" rows=\"5\" maxlength=\"65525\" required></textarea></p>\n\
             <p><input id=\"author\" name=\"author\" type=\"text\" value=\"\" maxlength=\"245\" required /></p>\n\
             <p><input id=\"email\" name=\"email\" type=\"email\" value=\"\" maxlength=\"100\" required /></p>\n\
             <p><input id=\"url\" name=\"url\" type=\"url\" value=\"\" maxlength=\"200\" /></p>\n\
             <p><input id=\"wp-comment-cookies-consent\" name=\"wp-comment-cookies-consent\" type=\"checkbox\" value=\"yes\" /></p>\n\
             {more}<p class=\"form-submit\"><input name=\"submit\" type=\"submit\" id=\"submit\" class=\"submit\" value=\"Post Comment\" /> \
             <input type='hidden' name='comment_post_ID' value='{id}' id='comment_post_ID' />\n\
             <input type='hidden' name='comment_parent' id='comment_parent' value='{parent}' />\n</p></form></div>\n",
            id = post.id,
        )
    }
}
