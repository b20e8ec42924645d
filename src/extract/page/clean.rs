//! What isn't the article: taken off the page before the article is looked for, and off the article
//! where it was left in.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef, Selection};

/// What is no part of any article.
const NEVER: &str = "nav, template, dialog, [role=navigation], [role=dialog], [role=search], \
    [role=alertdialog], [aria-label=breadcrumb], [aria-label=Breadcrumb], .skip-link, .skiplink, \
    .govuk-skip-link, .screen-reader-text, .sr-only, .visually-hidden, .visuallyhidden, \
    .govuk-visually-hidden";

/// What is no part of it unless it has the article in it: comments, shares, further articles, talk
/// of cookies.
const ASIDE: &str = "#comments, #respond, #commentlist, #comment-list, #disqus_thread, \
    .comments-area, .comment-list, .commentlist, .comment-respond, .comments, \
    ol[class*=comment], ol[class*=breadcrumb], ul[class*=breadcrumb], div[class*=breadcrumb], \
    .sharedaddy, .share-buttons, .share-links, .social-share, .social-links, .addtoany_content, \
    .gem-c-share-links, .jp-relatedposts, .related-posts, .related-articles, .yarpp-related, \
    .post-navigation, .nav-links, .newsletter-signup, \
    div[class*=cookie], section[class*=cookie], div[id*=cookie], div[id*=onetrust], \
    div[class*=consent-banner]";

/// What there is in an article itself.
const ARTICLE: &str = "main, article, h1, [itemprop=articleBody], [role=main]";

/// Keeps the styles of lists from being taken away with all others.
const KEPT_STYLE: &str = "data-kept-style";

/// Where pictures that are loaded later say what they are.
const LAZY: [&str; 3] = ["data-src", "data-lazy-src", "data-original"];

/// Links with these words alone lead to what isn't here.
const MORE: [&str; 14] = [
    "read more",
    "continue reading",
    "more",
    "read the full story",
    "back to top",
    "reply",
    "share",
    "print",
    "mehr",
    "weiterlesen",
    "nach oben",
    "zurück",
    "lire la suite",
    "en savoir plus",
];

/// Takes off the page what is no article, and readies what the finder would lose.
pub(super) fn before(page: &Document) {
    page.select(NEVER).remove();
    let holders = holders(page);
    for node in page.select(ASIDE).nodes() {
        if !holders.contains(&node.id) {
            node.remove_from_parent();
        }
    }
    for list in page.select("ol[style], ul[style], li[style]").nodes() {
        if let Some(style) = list.attr("style") {
            list.set_attr(KEPT_STYLE, &style);
        }
    }
    // Feet of pages are dropped; that of a quotation says whose it is.
    page.select("blockquote footer, figure footer").rename("p");
    for picture in page.select("img").nodes() {
        let source = picture.attr_or("src", "");
        let later = LAZY.iter().find_map(|name| picture.attr(name));
        if let Some(later) = later.filter(|_| source.is_empty() || source.starts_with("data:")) {
            picture.set_attr("src", &later);
        }
    }
}

/// Returns the elements that may have the article in them, or be it.
fn holders(page: &Document) -> HashSet<NodeId> {
    let mut holders = HashSet::new();
    for node in page.select(ARTICLE).nodes() {
        let mut at = Some(*node);
        while let Some(holder) = at.filter(|holder| holders.insert(holder.id)) {
            at = holder.parent();
        }
    }
    holders
}

/// Mends the article that was found: `titles` are what its title may be.
pub(super) fn after(html: &str, titles: &[String]) -> String {
    let article = Document::fragment(html);
    for list in article.select("[data-kept-style]").nodes() {
        if let Some(style) = list.attr(KEPT_STYLE) {
            list.set_attr("style", &style);
            list.remove_attr(KEPT_STYLE);
        }
    }
    drop_links_to_more(&article);
    drop_title(&article, titles);
    drop_last_headings(&article);
    article.html_root().inner_html().to_string()
}

/// Drops paragraphs and items that are a link to more, and nothing else.
fn drop_links_to_more(article: &Document) {
    for node in article.select("p, li, div").nodes() {
        if node.element_children().len() == 1 && is_more(node) {
            node.remove_from_parent();
        }
    }
}

fn is_more(node: &NodeRef) -> bool {
    let only = node.element_children();
    let is_link = only.first().is_some_and(|only| only.has_name("a"));
    if !is_link {
        return false;
    }
    let said = plain(&node.text());
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    MORE.contains(&said)
}

/// Drops the title where the article begins with it.
fn drop_title(article: &Document, titles: &[String]) {
    let blocks = article.select("h1, h2, h3, h4, h5, h6, p, li, pre, td");
    let first = blocks.nodes().iter().find(|node| has_words(node));
    let Some(first) = first else { return };
    let said = plain(&first.text());
    let is_title = titles.iter().any(|title| is_title(&said, &plain(title)));
    if is_title && nothing_before(article, first) {
        first.remove_from_parent();
    }
}

/// Whether a text is the title of a page, which may go on with the name of the site.
fn is_title(said: &str, title: &str) -> bool {
    let site = title.strip_prefix(said);
    site.is_some_and(|site| {
        site.is_empty()
            || said.contains(' ')
                && site.starts_with([' ', ':', '|'])
                && !said.is_empty()
                && site
                    .trim_start()
                    .starts_with(|c: char| !c.is_alphanumeric())
    })
}

/// Whether no words stand before a node.
fn nothing_before(article: &Document, node: &NodeRef) -> bool {
    let root = article.root();
    root.descendants_it()
        .take_while(|other| other.id != node.id)
        .all(|other| !other.is_text() || other.text().trim().is_empty())
}

/// Drops headings under which nothing stands, at the end, unless they lead on.
fn drop_last_headings(article: &Document) {
    let headings = article.select("h1, h2, h3, h4, h5, h6");
    for heading in headings.nodes().iter().rev() {
        if !nothing_after(heading) || Selection::from(*heading).select("a, img").exists() {
            break;
        }
        heading.remove_from_parent();
    }
}

/// Whether neither words nor pictures follow a node, up to the end of the article.
fn nothing_after(node: &NodeRef) -> bool {
    let mut at = Some(*node);
    while let Some(one) = at {
        let mut next = one.next_sibling();
        while let Some(other) = next {
            if has_words(&other) || Selection::from(other).select("img, table").exists() {
                return false;
            }
            if other.has_name("img") {
                return false;
            }
            next = other.next_sibling();
        }
        at = one.parent();
    }
    true
}

fn has_words(node: &NodeRef) -> bool {
    !node.is_comment() && node.text().contains(char::is_alphanumeric)
}

/// Returns a text for comparison.
fn plain(text: &str) -> String {
    let text = text.replace(['\u{ad}', '\u{200b}'], "");
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_before(page: &str, expected: &str) {
        let page = Document::from(format!("<body>{page}</body>"));
        before(&page);
        assert_eq!(&*page.select("body").inner_html(), expected);
    }

    #[track_caller]
    fn check_after(article: &str, expected: &str) {
        assert_eq!(after(article, &["A  Plan".to_owned()]), expected);
    }

    #[test]
    fn what_is_no_article_goes() {
        check_before(
            "<nav>a</nav><ol class=comment-list><li>b</ol><p>c</p>",
            "<p>c</p>",
        );
        check_before(
            "<div id=comments><p>b</p></div><div class=\"c cookie-bar\">b</div><p>c</p>",
            "<p>c</p>",
        );
        check_before(
            "<ol class=c-breadcrumb__list><li>a</ol><p>c</p>",
            "<p>c</p>",
        );
        check_before(
            "<main><p>a</p><div class=\"comments\"><p>b</p></div></main>",
            "<main><p>a</p></main>",
        );
    }

    #[test]
    fn what_has_the_article_in_it_stays() {
        let page = "<div class=\"cookie-aware\"><main><p>a</p></main></div>";
        check_before(page, page);
        check_before("<ol><li>a</li></ol>", "<ol><li>a</li></ol>");
    }

    #[test]
    fn what_would_be_lost_is_readied() {
        check_before(
            "<blockquote><p>a</p><footer>b</footer></blockquote>",
            "<blockquote><p>a</p><p>b</p></blockquote>",
        );
        check_before(
            "<img src=\"data:,x\" data-src=\"/a\"><img src=\"/b\" data-src=\"/a\">",
            "<img src=\"/a\" data-src=\"/a\"><img src=\"/b\" data-src=\"/a\">",
        );
        check_before(
            "<ol style=\"list-style:none\"></ol>",
            "<ol style=\"list-style:none\" data-kept-style=\"list-style:none\"></ol>",
        );
        check_after(
            "<ol data-kept-style=\"list-style:none\"><li>a</li></ol>",
            "<ol style=\"list-style:none\"><li>a</li></ol>",
        );
    }

    #[test]
    fn the_title_is_not_said_twice() {
        check_after("<div><h2>A plan</h2><p>b</p></div>", "<div><p>b</p></div>");
        check_after(
            "<p>b</p><h2>A plan</h2><p>c</p>",
            "<p>b</p><h2>A plan</h2><p>c</p>",
        );
        check_after(
            "<div>b</div><h2>A plan</h2><p>c</p>",
            "<div>b</div><h2>A plan</h2><p>c</p>",
        );
        check_after(
            "<h2>A plan for all</h2><p>b</p>",
            "<h2>A plan for all</h2><p>b</p>",
        );
    }

    #[test]
    fn links_to_more_and_headings_of_nothing_go() {
        check_after(
            "<p>a</p><p><a href=\"/b\">Read more »</a></p><p>See <a href=\"/b\">more</a></p>",
            "<p>a</p><p>See <a href=\"/b\">more</a></p>",
        );
        check_after(
            "<h2>a</h2><p>b</p><div><h3>c</h3></div><h2>d</h2> ",
            "<h2>a</h2><p>b</p><div></div> ",
        );
        check_after(
            "<h2>a</h2><div><img src=\"b\"></div>",
            "<h2>a</h2><div><img src=\"b\"></div>",
        );
    }
}
