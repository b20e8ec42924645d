//! The REST interface, as far as comments need it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::Url;

use super::door::{Incoming, Not, fields};
use super::{Comment, Post, Rest, Shown, Site, escaped, local};
use crate::support::server::{Answer, Asked};

/// Names and values behind a route.
type Parameters = Vec<(String, String)>;

impl Site {
    /// Returns the route and the parameters of an address of the interface.
    pub(super) fn route(&self, url: &Url) -> Option<(String, Parameters)> {
        let mut parameters: Parameters = url.query_pairs().into_owned().collect();
        if let Some(at) = parameters.iter().position(|(name, _)| name == "rest_route") {
            let (_, route) = parameters.remove(at);
            return Some((route, parameters));
        }
        let route = url
            .path()
            .strip_prefix("/wp-json")
            .filter(|_| self.is_pretty)?;
        Some((route.to_owned(), parameters))
    }

    pub(super) fn answer_rest(&mut self, asked: &Asked, route: &str, given: &Parameters) -> Answer {
        match self.rest {
            Rest::Open => {}
            Rest::Slow(delay) => return self.open_rest(asked, route, given).delay(delay),
            Rest::Closed(status) => return error(status, "rest_not_logged_in", "It is closed."),
            Rest::Html => {
                return Answer::status(403)
                    .header("Content-Type", "text/html")
                    .body("<html><title>Blocked</title><h1>Request blocked</h1></html>");
            }
            Rest::Busy(seconds) => {
                return Answer::status(429).header("Retry-After", seconds.to_string());
            }
        }
        self.open_rest(asked, route, given)
    }

    fn open_rest(&mut self, asked: &Asked, route: &str, given: &Parameters) -> Answer {
        let fields = given.iter().find(|(name, _)| name == "_fields");
        let fields: Option<Vec<&str>> = fields.map(|(_, names)| names.split(',').collect());
        match route.trim_end_matches('/') {
            "" => self.root(),
            "/wp/v2/comments" if asked.method == "POST" => self.create(asked),
            "/wp/v2/comments" => self.list(given, fields.as_deref()),
            "/wp/v2/posts" => self.list_posts(given, fields.as_deref()),
            "/wp/v2/users/me" => match self.account.as_ref().filter(|_| self.is_account(asked)) {
                Some((name, _)) => json_answer(200, &json!({"id": 2, "name": name, "slug": name})),
                None => error(
                    401,
                    "rest_not_logged_in",
                    "You are not currently logged in.",
                ),
            },
            route => self.one(route, fields.as_deref()),
        }
    }

    fn root(&self) -> Answer {
        let page = format!("{}/wp-admin/authorize-application.php", self.url);
        json_answer(
            200,
            &json!({
                "name": "Northern Isles",
                "url": self.url,
                "home": self.url,
                "gmt_offset": 2,
                "namespaces": ["oembed/1.0", "wp/v2"],
                "authentication": {"application-passwords": {"endpoints": {"authorization": page}}},
            }),
        )
    }

    /// Answers for one post or one comment.
    fn one(&self, route: &str, fields: Option<&[&str]>) -> Answer {
        if let Some(id) = route.strip_prefix("/wp/v2/posts/") {
            let post = id.parse().ok().and_then(|id| self.post(id));
            return match post {
                Some(post) => self.with_links(
                    json_answer(200, &chosen(self.post_json(post), fields)),
                    None,
                ),
                None => error(404, "rest_post_invalid_id", "Invalid post ID."),
            };
        }
        let id = route
            .strip_prefix("/wp/v2/comments/")
            .and_then(|id| id.parse::<u64>().ok());
        let found = self.posts.iter().find_map(|post| {
            let comment = post
                .comments
                .iter()
                .find(|comment| Some(comment.id) == id)?;
            Some((post, comment))
        });
        match found {
            Some((post, comment)) if comment.shown == Shown::Approved => {
                json_answer(200, &chosen(self.comment_json(post, comment), fields))
            }
            Some(_) => error(
                401,
                "rest_cannot_read",
                "Sorry, you are not allowed to read this comment.",
            ),
            None if id.is_some() => error(404, "rest_comment_invalid_id", "Invalid comment ID."),
            None => error(404, "rest_no_route", "No route was found."),
        }
    }

    fn list(&self, given: &Parameters, fields: Option<&[&str]>) -> Answer {
        let value = |name: &str| {
            let found = given.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let wanted: Vec<u64> = (given.iter())
            .filter(|(name, _)| name == "post" || name.starts_with("post["))
            .flat_map(|(_, list)| list.split(',').filter_map(|id| id.trim().parse().ok()))
            .collect();
        if value("type").is_some_and(|kind| kind != "comment") {
            return error(
                401,
                "rest_forbidden_param",
                "Query parameter not permitted: type",
            );
        }
        let after = value("after").map(|time| {
            // Without a zone it is the site's own.
            time.parse()
                .or_else(|_| format!("{time}+02:00").parse::<jiff::Timestamp>())
        });
        let Ok(after) = after.transpose() else {
            return error(400, "rest_invalid_param", "Invalid parameter(s): after");
        };
        let mut found: Vec<(&Post, &Comment)> = (self.posts.iter())
            .filter(|post| wanted.is_empty() || wanted.contains(&post.id))
            .flat_map(|post| post.approved().map(move |comment| (post, comment)))
            .filter(|(_, comment)| after.is_none_or(|after| comment.published > after))
            .collect();
        found.sort_by_key(|(_, comment)| (comment.published, comment.id));
        if value("order").unwrap_or("desc") == "desc" {
            found.reverse();
        }
        self.page_of_list("comments", given, &found, |(post, comment)| {
            chosen(self.comment_json(post, comment), fields)
        })
    }

    fn list_posts(&self, given: &Parameters, fields: Option<&[&str]>) -> Answer {
        let value = |name: &str| {
            let found = given.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let mut found: Vec<&Post> = (self.posts.iter())
            .filter(|post| {
                value("slug").is_none_or(|slugs| slugs.split(',').any(|slug| slug == post.slug))
            })
            .filter(|post| {
                let id = post.id.to_string();
                value("include").is_none_or(|ids| ids.split(',').any(|wanted| wanted == id))
            })
            .collect();
        found.sort_by_key(|post| std::cmp::Reverse(post.published));
        let page = value("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        if page > 1 && found.len() <= (page - 1) * size(given) {
            return error(
                400,
                "rest_post_invalid_page_number",
                "The page number is too large.",
            );
        }
        self.page_of_list("posts", given, &found, |post| {
            chosen(self.post_json(post), fields)
        })
    }

    /// Answers with one page of a list, and says how many there are.
    fn page_of_list<T>(
        &self,
        name: &str,
        given: &Parameters,
        all: &[T],
        told: impl Fn(&T) -> Value,
    ) -> Answer {
        let size = size(given);
        if !(1..=100).contains(&size) {
            return error(400, "rest_invalid_param", "Invalid parameter(s): per_page");
        }
        let page = given.iter().find(|(name, _)| name == "page");
        let page: usize = page
            .and_then(|(_, page)| page.parse().ok())
            .unwrap_or(1)
            .max(1);
        let pages = all.len().div_ceil(size);
        let items: Vec<Value> = all
            .iter()
            .skip((page - 1) * size)
            .take(size)
            .map(told)
            .collect();
        let mut answer = json_answer(200, &Value::Array(items))
            .header("X-WP-Total", all.len().to_string())
            .header("X-WP-TotalPages", pages.to_string());
        let mut links = Vec::new();
        for (rel, to) in [("prev", page.wrapping_sub(1)), ("next", page + 1)] {
            if (1..=pages).contains(&to) {
                links.push(format!(
                    "<{}>; rel=\"{rel}\"",
                    self.list_link(name, given, to)
                ));
            }
        }
        if !links.is_empty() {
            answer = answer.header("Link", links.join(", "));
        }
        answer
    }

    /// Returns the address of another page of a list, with the parameters as WordPress writes them.
    fn list_link(&self, name: &str, given: &Parameters, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in given.iter().filter(|(name, _)| name != "page") {
            if name == "post" {
                for (at, id) in value.split(',').enumerate() {
                    query.append_pair(&format!("post[{at}]"), id);
                }
            } else {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        let glue = if self.is_pretty { '?' } else { '&' };
        format!("{}wp/v2/{name}{glue}{}", self.rest_root(), query.finish())
    }

    /// Takes a comment through the interface.
    fn create(&mut self, asked: &Asked) -> Answer {
        let account = (self.account.clone()).filter(|_| self.is_account(asked));
        let Some((name, _)) = account else {
            let words = "Sorry, you must be logged in to comment.";
            return error(401, "rest_comment_login_required", words);
        };
        let fields = fields(asked);
        let field = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let incoming = Incoming {
            post: field("post").parse().unwrap_or(0),
            parent: field("parent").parse().unwrap_or(0),
            email: format!("{name}@isles.example"),
            author: name,
            text: field("content").trim().to_owned(),
            account: true,
            is_proved: true,
        };
        let post = incoming.post;
        match self.take(incoming) {
            Ok(comment) => {
                let post = self.post(post).expect("the post of a comment");
                let at = format!("{}wp/v2/comments/{}", self.rest_root(), comment.id);
                json_answer(201, &self.comment_json(post, &comment)).header("Location", at)
            }
            Err(Not::Nowhere) => error(
                403,
                "rest_comment_invalid_post_id",
                "Sorry, you are not allowed to create this comment without a post.",
            ),
            Err(Not::Closed) => error(
                403,
                "rest_comment_closed",
                "Sorry, comments are closed for this item.",
            ),
            Err(Not::Duplicate) => error(
                409,
                "comment_duplicate",
                "Duplicate comment detected; it looks as though you&#8217;ve already said that!",
            ),
            Err(Not::TooFast) => error(
                400,
                "comment_flood",
                "You are posting comments too quickly. Slow down.",
            ),
            Err(_) => error(
                400,
                "rest_comment_content_invalid",
                "Invalid comment content.",
            ),
        }
    }

    /// Whether a request comes from the account.
    fn is_account(&self, asked: &Asked) -> bool {
        let given = asked.header("authorization").unwrap_or_default();
        let given = given
            .strip_prefix(b"Basic ")
            .and_then(|given| STANDARD.decode(given).ok());
        let known = (self.account.as_ref()).map(|(name, password)| format!("{name}:{password}"));
        given.is_some() && given == known.map(String::into_bytes)
    }

    fn comment_json(&self, post: &Post, comment: &Comment) -> Value {
        json!({
            "id": comment.id,
            "post": post.id,
            "parent": comment.parent,
            "author": comment.account,
            "author_name": escaped(&comment.author),
            "author_url": "",
            "date": local(comment.published).strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "date_gmt": comment.published.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "content": {"rendered": comment.html},
            "link": self.comment_link(post, comment.id),
            "status": if comment.shown == Shown::Approved { "approved" } else { "hold" },
            "type": "comment",
        })
    }

    fn post_json(&self, post: &Post) -> Value {
        let replies = format!("{}wp/v2/comments?post={}", self.rest_root(), post.id);
        json!({
            "id": post.id,
            "date": local(post.published).strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "date_gmt": post.published.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            "guid": {"rendered": format!("{}/?p={}", self.url, post.id)},
            "slug": post.slug,
            "link": self.link(post),
            "title": {"rendered": escaped(&post.title)},
            "author": 1,
            "comment_status": if post.is_open { "open" } else { "closed" },
            "_links": {"replies": [{"embeddable": true, "href": replies}]},
        })
    }
}

/// Returns how many a page of a list has.
fn size(given: &Parameters) -> usize {
    let size = given.iter().find(|(name, _)| name == "per_page");
    size.and_then(|(_, size)| size.parse().ok()).unwrap_or(10)
}

/// Leaves the fields of an object that were asked for.
fn chosen(mut value: Value, fields: Option<&[&str]>) -> Value {
    if let (Some(fields), Some(object)) = (fields, value.as_object_mut()) {
        let is_asked = |name: &String| {
            (fields.iter()).any(|field| field.split('.').next() == Some(name.as_str()))
        };
        object.retain(|name, _| is_asked(name));
    }
    value
}

fn error(status: u16, code: &str, words: &str) -> Answer {
    json_answer(
        status,
        &json!({"code": code, "message": words, "data": {"status": status}}),
    )
}

fn json_answer(status: u16, value: &Value) -> Answer {
    // WordPress writes slashes with a backslash.
    Answer::status(status)
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(value.to_string().replace('/', "\\/"))
}
