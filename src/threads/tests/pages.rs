use std::collections::HashMap;

use proptest::prelude::*;
use url::Url;

use super::*;
use crate::model::comment::Openness;
use crate::threads::{PageTold, page};

const SITE: &str = "http://127.0.0.1:8901";

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

fn read(html: &str) -> PageTold {
    page(html, &url("https://example.org/2026/11/plan/"))
}

/// Reads a page of the corpus as that of a post, or of one of its pages of comments.
fn saved_page(name: &str, post: u64, below: &str) -> Option<PageTold> {
    let html = String::from_utf8(saved(name)?).unwrap();
    let link = truth(post)?["link"].as_str().unwrap().to_owned();
    Some(page(&html, &url(&format!("{link}{below}"))))
}

/// What is compared of a comment: number, parent, author, time and words.
type Line = (u64, u64, String, Option<String>, String);

fn line(told: &Comment) -> Line {
    let number = |id: &CommentId| id.number().unwrap();
    (
        number(&told.id),
        told.parent.as_ref().map_or(0, number),
        words(&told.author),
        told.published.map(|at| at.to_string()),
        words(&html::plain_text(&told.html)),
    )
}

/// Returns what a page of a post should tell of the comments that the database holds, by number: with
/// the parents that five levels leave.
fn shown(post: u64) -> HashMap<u64, Line> {
    let truth = truth(post).unwrap();
    let all = truth["comments"].as_array().unwrap();
    let by_id: HashMap<u64, &Value> = all
        .iter()
        .map(|one| (one["id"].as_u64().unwrap(), one))
        .collect();
    let expected = all
        .iter()
        .filter(|one| one["type"] == "comment")
        .map(|one| {
            let mut parent = one["parent"].as_u64();
            while let Some(above) = parent.and_then(|id| by_id.get(&id))
                && above["depth"].as_u64().unwrap() > 4
            {
                parent = above["parent"].as_u64();
            }
            let text = |name: &str| one[name].as_str().unwrap();
            let id = one["id"].as_u64().unwrap();
            let line = (
                id,
                parent.unwrap_or(0),
                words(text("author")),
                Some(text("date_gmt").to_owned()),
                words(text("text")),
            );
            (id, line)
        });
    expected.collect()
}

/// Compares pages of a post with the database.
#[track_caller]
fn compare_pages(post: u64, pages: &[&PageTold], count: usize) {
    let expected = shown(post);
    let mut met = 0;
    for one in pages.iter().flat_map(|page| &page.comments) {
        let line = line(one);
        // Those that were written after the truth was taken down.
        if line.0 < 657 {
            assert_eq!(Some(&line), expected.get(&line.0), "post {post}");
            met += 1;
        }
    }
    assert_eq!(met, count, "post {post}");
}

#[test]
fn pages_have_the_comments_of_the_database_in_both_themes() {
    let pages = [
        ("pages/threads.html", 27, "", 12, Openness::Open),
        ("pages/block-theme-threads.html", 27, "", 12, Openness::Open),
        ("pages/deeper.html", 35, "", 47, Openness::Open),
        ("pages/hostile.html", 38, "", 14, Openness::Open),
        ("pages/closed.html", 21, "", 4, Openness::Closed),
        (
            "pages/replytocom.html",
            27,
            "?replytocom=58",
            12,
            Openness::Open,
        ),
        (
            "pages/registration-required.html",
            27,
            "",
            12,
            Openness::Accounts,
        ),
    ];
    for (name, post, below, count, openness) in pages {
        let Some(told) = saved_page(name, post, below) else {
            return;
        };
        compare_pages(post, &[&told], count);
        assert_eq!(told.openness, openness, "{name}");
        assert_eq!(told.post, Some(post), "{name}");
        assert_eq!(told.rest_root, Some(url(&format!("{SITE}/wp-json/"))));
        let link = truth(post).unwrap()["link"].as_str().unwrap().to_owned();
        assert_eq!(
            told.comment_feed,
            Some(url(&format!("{link}feed/"))),
            "{name}"
        );
        assert_eq!((told.pingbacks, told.pages.len()), (0, 0), "{name}");
        assert_eq!((&told.elsewhere, &told.discourse), (&None, &None));
        let own = told.comments.iter().filter(|one| one.by_author).count();
        let expected = match post {
            27 => 1,
            35 => 4,
            _ => 0,
        };
        assert_eq!(own, expected, "{name}");
        for one in &told.comments {
            let fragment = format!("#comment-{}", one.id);
            assert!(one.url.as_ref().unwrap().ends_with(&fragment));
        }
    }
}

#[test]
fn three_pages_have_three_hundred_comments() {
    let Some(newest) = saved_page("pages/300-page-newest.html", 37, "") else {
        return;
    };
    let oldest = saved_page("pages/300-page-1.html", 37, "comment-page-1/").unwrap();
    let block = saved_page("pages/block-theme-300.html", 37, "").unwrap();
    compare_pages(37, &[&newest, &oldest], 83 + 124);
    compare_pages(37, &[&block], 83);
    let link = truth(37).unwrap()["link"].as_str().unwrap().to_owned();
    let at = |page: u32| url(&format!("{link}comment-page-{page}/"));
    assert_eq!(newest.pages, [at(1), at(2)]);
    assert_eq!(block.pages, [at(1), at(2)]);
    assert_eq!(oldest.pages, [at(2), at(3)]);
}

#[test]
fn ones_own_comment_that_is_held_is_left_out() {
    let Some(told) = saved_page("form/awaiting-moderation-page.html", 27, "comment-page-1/") else {
        return;
    };
    compare_pages(27, &[&told], 12);
    assert!(told.comments.iter().all(|one| one.id.0 != "657"));
}

#[test]
fn the_front_page_is_no_post() {
    let Some(html) = saved("pages/front.html") else {
        return;
    };
    let told = page(&String::from_utf8(html).unwrap(), &url(&format!("{SITE}/")));
    assert_eq!((told.post, &told.comment_feed), (None, &None));
    assert_eq!(told.comments, []);
}

#[test]
fn pages_of_the_wild_are_read() {
    let pages = [
        ("verfassungsblog.de.expertinnen", 5, 5, true),
        ("netzpolitik.org.abmahnungen", 74, 74, true),
        ("uebermedien.de-Israel", 17, 17, true),
        // Its theme has neither names nor times for machines.
        ("internet-law.de.pseudonymen", 35, 35, false),
    ];
    for (name, count, texts, is_told) in pages {
        let Some(html) = saved(&format!("../real/pages/trafilatura-{name}.html")) else {
            return;
        };
        let told = read(&String::from_utf8_lossy(&html));
        assert_eq!(told.comments.len(), count, "{name}");
        let has =
            |test: &dyn Fn(&Comment) -> bool| told.comments.iter().filter(|one| test(one)).count();
        assert_eq!(
            has(&|one| !html::plain_text(&one.html).trim().is_empty()),
            texts,
            "{name}"
        );
        if is_told {
            assert_eq!(
                has(&|one| one.published.is_some() && !one.author.is_empty()),
                count
            );
        }
    }
}

/// Returns number, parent, author and text of each comment on a page.
fn brief(told: &PageTold) -> Vec<(u64, u64, &str, &str)> {
    let number = |id: &CommentId| id.number().unwrap();
    let mut lines = Vec::new();
    for one in &told.comments {
        let parent = one.parent.as_ref().map_or(0, number);
        lines.push((number(&one.id), parent, &*one.author, &*one.html));
    }
    lines
}

#[test]
fn without_a_place_for_the_text_it_is_what_is_left() {
    // What WordPress itself writes where a theme has no say.
    let told = read(
        "<ol class=commentlist><li class='comment even thread-even depth-1 parent' id='comment-7'>
         <div id='div-comment-7' class='comment-body'><div class='comment-author vcard'>
         <img alt='' src='a.png' class='avatar'><cite class='fn'>Ilse &amp; Bram</cite>
         <span class='says'>says:</span></div><div class='comment-meta commentmetadata'>
         <a href='/2026/11/plan/comment-page-2/#comment-7'>17 October</a>&nbsp;
         <a class='comment-edit-link' href='/wp-admin/'>(Edit)</a></div>
         <p>One &lt;b&gt; &amp; <em title='&quot;'>two</em><br>three</p>
         <script>alert(1)</script>
         <div class='reply'><a class='comment-reply-link' data-commentid=7 data-postid=37>Reply</a>
         </div></div><ul class=children><li class='comment bypostauthor depth-2' id='comment-8'>
         <div id='div-comment-8' class='comment-body'><cite class=fn>Ruth</cite> <p>Yes</p></div>
         </li></ul></li></ol>",
    );
    let text = "<p>One &lt;b&gt; &amp; <em title=\"&quot;\">two</em><br>three</p>";
    let expected = [(7, 0, "Ilse & Bram", text), (8, 7, "Ruth", "<p>Yes</p>")];
    assert_eq!(brief(&told), expected);
    assert_eq!(told.post, Some(37));
    let by_author: Vec<bool> = told.comments.iter().map(|one| one.by_author).collect();
    assert_eq!(by_author, [false, true]);
    let urls: Vec<&str> = (told.comments.iter())
        .map(|one| one.url.as_deref().unwrap())
        .collect();
    let at = "https://example.org/2026/11/plan/";
    assert_eq!(urls[0], format!("{at}comment-page-2/#comment-7"));
    assert_eq!(urls[1], format!("{at}#comment-8"));
}

#[test]
fn where_comments_are_not_nested_links_or_levels_say_what_they_answer() {
    let one = |id: u64, level: u32, head: &str| {
        format!(
            "<div class='comment depth-{level}' id='comment-{id}'><b class=fn>A</b>{head}
             <div class='comment-content'>See <a href='#comment-1'>this</a></div></div>"
        )
    };
    let told = read(
        &[
            one(1, 1, ""),
            one(2, 2, ""),
            one(3, 3, ""),
            one(4, 2, ""),
            one(
                5,
                3,
                "<a href='https://example.org/2026/11/plan/#comment-2'>in reply to B</a>",
            ),
            one(6, 1, "<a href='#comment-6'>link</a>"),
            // Nothing of level 4 came before, since the last thread began.
            one(7, 5, ""),
        ]
        .concat(),
    );
    let parents: Vec<(u64, u64)> = brief(&told).iter().map(|one| (one.0, one.1)).collect();
    let expected = [(1, 0), (2, 1), (3, 2), (4, 1), (5, 2), (6, 0), (7, 0)];
    assert_eq!(parents, expected);
}

#[test]
fn comments_of_the_blogs_of_gov_uk_are_read() {
    // Their theme has names, texts and replies of its own, and leaves an element open.
    let one = |id: u64, level: u32, words: &str, replies: &str| {
        format!(
            "<li id='comment-{id}' class='comment depth-{level} media comment-{id}'>
             <span class='visuallyhidden'>Replies to Jo&gt;</span><div class='media-body'>
             <p class='media-heading'><span class='visuallyhidden'>Comment by</span>
             <span class='author'><a href='/author/jo/'>Jo {id}</a></span>
             <span class='visuallyhidden'>posted on</span>
             <time datetime='2026-10-17T12:00:00+01:00'>on 17 October 2026</time></p>
             <div class='comment-body'>{words}
             <ul class='comment-links'><li><a href='/2026/11/plan/#comment-{id}'>Link to this
             comment</a></li></ul>
             <a class='comment-reply-link' data-commentid='{id}' data-postid='37'>Reply</a></div>
             {replies}</div></li>"
        )
    };
    let reply = format!(
        "<ul class='comment depth-2 media unstyled comment-1'>{}</ul>",
        one(2, 2, "<p>Two</p>", "")
    );
    let held = one(
        4,
        1,
        "<div class='alert'>Your comment is awaiting moderation.</div><p>x</p>",
        "",
    );
    let list = [
        one(1, 1, "<p>One</p>", &reply),
        one(3, 1, "<p>Three</p>", ""),
        held,
    ]
    .concat();
    let told = read(&format!(
        "<ol class='media-list'>{list}</ol><section id='respond'><p>You must be
         <a href='/wp-login.php?redirect_to=x'>logged in</a> to post a comment.</p></section>"
    ));
    let expected = [
        (1, 0, "Jo 1", "<p>One</p>"),
        (2, 1, "Jo 2", "<p>Two</p>"),
        (3, 0, "Jo 3", "<p>Three</p>"),
    ];
    assert_eq!(brief(&told), expected);
    let noon = "2026-10-17T11:00:00Z".parse().unwrap();
    assert!(told.comments.iter().all(|one| one.published == Some(noon)));
    assert_eq!((told.post, told.openness), (Some(37), Openness::Accounts));
}

#[test]
fn where_nothing_can_be_answered_comments_are_closed() {
    let comment = "<li id=comment-1 class='comment depth-1'><p>Here</p></li>";
    let open = |html: &str| read(html).openness;
    assert_eq!(open(comment), Openness::Closed);
    assert_eq!(
        open(&format!("{comment}<div id=respond></div>")),
        Openness::Unknown
    );
    let reply =
        "<li id=comment-1 class='comment depth-1'><a class=comment-reply-link>Reply</a></li>";
    assert_eq!(open(reply), Openness::Unknown);
    assert_eq!(
        open(&format!("{comment}<div id=disqus_thread></div>")),
        Openness::Unknown
    );
    assert_eq!(
        open("<a href='/wp-login.php?redirect_to=x'>Log in</a>"),
        Openness::Unknown
    );
}

#[test]
fn pingbacks_are_counted_and_held_comments_are_not() {
    let told = read(
        "<ol><li id=comment-1 class='pingback even depth-1'><div class=comment-body>Pingback:
         <a class=url href=https://other.example/>Other</a></div></li>
         <li id=comment-2 class='trackback depth-1'>x</li>
         <li id=comment-3 class='comment depth-1'><b class=fn>Me</b>
         <em class=comment-awaiting-moderation>Held</em><div class=comment-content>Mine</div></li>
         <li id=comment-4 class='comment depth-1'><b class=fn>B</b>
         <div class=comment-content>Theirs</div></li></ol>",
    );
    assert_eq!(told.pingbacks, 2);
    assert_eq!(brief(&told), [(4, 0, "B", "Theirs")]);
}

#[test]
fn a_text_that_is_not_closed_ends_where_the_next_comment_begins() {
    let told = read(
        "<div id=comment-1 class='comment depth-1'><b class=fn>A</b><div class=comment-content>
         One<div></div></div><div id=comment-2 class='comment depth-1'><b class=fn>B</b>
         <div class=comment-content>Two</div></div>",
    );
    let broken = read(
        "<div id=comment-1 class='comment depth-1'><b class=fn>A</b><div class=comment-content>
         One<div></div><div id=comment-2 class='comment depth-1'><b class=fn>B</b>
         <div class=comment-content>Two</div></div>",
    );
    for told in [told, broken] {
        let found: Vec<_> = brief(&told)
            .iter()
            .map(|one| (one.0, one.1, one.2, words(&html::plain_text(one.3))))
            .collect();
        let expected = [(1, 0, "A", "One".to_owned()), (2, 0, "B", "Two".to_owned())];
        assert_eq!(found, expected);
    }
}

#[test]
fn other_pages_are_those_that_the_page_names_or_counts() {
    let pages = |at: &str, links: &[&str]| -> Vec<String> {
        let links: String = links
            .iter()
            .map(|link| format!("<a class=page-numbers href='{link}'>1</a>"))
            .collect();
        let told = page(&links, &url(at));
        told.pages.into_iter().map(String::from).collect()
    };
    let plan = "https://example.org/plan/";
    let at = |page: u32| format!("{plan}comment-page-{page}/");
    // From the last of five, which names the first and the one before.
    let named = ["comment-page-1/#comments", "/plan/comment-page-4/#comments"];
    assert_eq!(pages(plan, &named), [at(1), at(2), at(3), at(4)]);
    assert_eq!(pages(&at(2), &["../comment-page-3/"]), [at(1), at(3)]);
    let others = [
        // Another article's, another site's, a comment's, none at all.
        "/other/comment-page-2/",
        "https://other.example/plan/comment-page-2/",
        "/plan/comment-page-2/#comment-7",
        "/plan/comment-page-2/?replytocom=7#respond",
        "/plan/comment-page-99999999/",
        "/plan/comment-page-x/",
        "javascript:comment-page-2",
    ];
    assert_eq!(pages(plan, &others), [""; 0]);
    assert_eq!(
        pages(
            "https://example.org/?p=37",
            &["?p=37&cpage=2#comments", "?p=38&cpage=3"]
        ),
        [
            "https://example.org/?p=37&cpage=1",
            "https://example.org/?p=37&cpage=2"
        ]
    );
}

#[test]
fn the_page_names_its_post_and_the_feed_of_its_comments() {
    let told = read(
        "<head><link rel=alternate type=application/rss+xml href=/feed/>
         <link rel=alternate type=application/rss+xml href=/comments/feed/>
         <link rel=alternate type=application/rss+xml href=/2026/11/plan-b/feed/>
         <link rel=alternate type=application/atom+xml href=/2026/11/plan/feed/atom/>
         <link rel='https://api.w.org/' href='/?rest_route=/'>
         <link rel=alternate type=application/json href='/?rest_route=/wp/v2/report/38'></head>
         <body class='single postid-39'>",
    );
    assert_eq!(told.post, Some(38));
    assert_eq!(
        told.rest_root,
        Some(url("https://example.org/?rest_route=/"))
    );
    assert_eq!(
        told.comment_feed,
        Some(url("https://example.org/2026/11/plan/feed/atom/"))
    );
    assert_eq!(read("<body class='page page-id-12'>").post, Some(12));
    assert_eq!(read("<link rel=shortlink href='/?p=5'>").post, Some(5));
    let form = "<form action=/wp-comments-post.php><input name=comment_post_ID value=9></form>";
    assert_eq!(read(form).post, Some(9));
    assert_eq!(read(form).openness, Openness::Open);
    assert_eq!(read("<p>Nothing").openness, Openness::Unknown);
    let plain = page(
        "<link rel=alternate type=application/rss+xml href='/?feed=rss2'>
         <link rel=alternate type=application/rss+xml href='/?feed=rss2&p=6'>
         <link rel=shortlink href='/?p=6'>",
        &url("https://example.org/?p=6"),
    );
    assert_eq!(
        plain.comment_feed,
        Some(url("https://example.org/?feed=rss2&p=6"))
    );
}

#[test]
fn services_that_have_the_comments_are_named() {
    let named = |html: &str| read(html).elsewhere;
    for (html, service) in [
        ("<div id=disqus_thread></div>", "Disqus"),
        (
            "<script src=https://news.disqus.com/embed.js></script>",
            "Disqus",
        ),
        (
            "<script>s.src = '//x.disqus.com/embed.js';</script>",
            "Disqus",
        ),
        ("<div class='fb-comments' data-href=x></div>", "Facebook"),
        ("<div id=coral_thread></div>", "Coral"),
        ("<script>Coral.createStreamEmbed({})</script>", "Coral"),
        ("<div id=commento></div>", "Commento"),
        (
            "<script src=https://giscus.app/client.js></script>",
            "giscus",
        ),
        ("<hyvor-talk-comments></hyvor-talk-comments>", "Hyvor Talk"),
    ] {
        assert_eq!(named(html).as_deref(), Some(service), "{html}");
    }
    // Counting them on a list of articles is no thread.
    assert_eq!(
        named("<script src=https://news.disqus.com/count.js></script>"),
        None
    );
    assert_eq!(named("<p>We use disqus_thread and giscus</p>"), None);
    let comment = "<li id=comment-1 class='comment depth-1'><p>Here</p></li>";
    assert_eq!(
        named(&format!("<div id=disqus_thread>{comment}</div>")),
        None
    );
    assert_eq!(
        named("<div class=fb-comments></div><form id=commentform></form>"),
        None
    );
}

#[test]
fn topics_of_a_forum_are_found() {
    let found = |html: &str| read(html).discourse.map(String::from);
    let by_number = "<script>DiscourseEmbed = { discourseUrl: 'https://forum.example/f/',
        topicId: 12 };</script>";
    assert_eq!(
        found(by_number).as_deref(),
        Some("https://forum.example/f/t/12")
    );
    let by_address =
        "<script>window.DiscourseEmbed = {\"discourseUrl\": \"https://forum.example/\",
        \"discourseEmbedUrl\": \"https://example.org/plan?a=b\"}</script>";
    let expected = "https://forum.example/embed/comments?embed_url=";
    assert_eq!(
        found(by_address).unwrap(),
        format!("{expected}https%3A%2F%2Fexample.org%2Fplan%3Fa%3Db")
    );
    let by_script = "<script>DiscourseEmbed = { discourseUrl: 'https://forum.example/',
        discourseEmbedUrl: window.location.href };</script>";
    assert_eq!(
        found(by_script).unwrap(),
        format!("{expected}https%3A%2F%2Fexample.org%2F2026%2F11%2Fplan%2F")
    );
    let by_link = "<a class=wpdc-discourse-link href=https://forum.example/t/a-plan/13>Join</a>";
    assert_eq!(
        found(by_link).as_deref(),
        Some("https://forum.example/t/a-plan/13")
    );
    assert_eq!(
        found("<a href=https://forum.example/t/a-plan/13>Join</a>"),
        None
    );
    assert_eq!(
        found("<script>discourseUrl: 'javascript:alert(1)', topicId: 1</script>"),
        None
    );
}

#[test]
fn hostile_pages_are_read_in_time() {
    let flat = "<li id=comment-7 class='comment depth-1'><b class=fn>A</b><time datetime=x></time>
        <div class=comment-content><p>Text</div></li>";
    assert_eq!(read(&flat.repeat(10_000)).comments.len(), 10_000);
    for hostile in [
        "<li id=comment-8 class='comment depth-1'>",
        "<ol><li id=comment-8 class='comment depth-4000000000'><b class=fn>",
        "<div class='comment depth-1'><div class=comment-content>",
        "<div class='comment depth-1'>",
        "<div id=comment-9 class=fn>a",
        "<a href='comment-page-7/'><a href='/2026/11/plan/comment-page-7/?cpage=9'>",
        "<link rel=canonical href='/2026/11/plan/?a'><link rel=alternate type=application/rss+xml href=/feed>",
        "<script>discourseUrl: '</script>",
        "<b><i><table><tr><b><td>",
    ] {
        read(&hostile.repeat(5_000));
    }
}

proptest! {
    #[test]
    fn any_page_is_read(pieces in proptest::collection::vec(0_usize..24, 0..60)) {
        const PIECES: [&str; 24] = [
            "<ol>", "</ol>", "<li id=comment-1 class='comment depth-1'>", "</li>", "<div>", "</div>",
            "<div id=div-comment-2 class='comment depth-2'>", "<li id=comment-3 class=pingback>",
            "<div class=comment-content>", "<b class=fn>", "</b>", "<time datetime=2026-10-17>",
            "<a href='#comment-1'>", "<a href='#comment-2' class=comment-reply-link data-commentid=4>",
            "<article id=comment-5>", "</article>", "text", "<table>", "<p>", "</p>",
            "<li class='comment depth-3'>", "<form id=commentform>", "&amp;lt;", "<!--",
        ];
        let html: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let told = read(&html);
        for one in &told.comments {
            prop_assert!(one.parent.as_ref() != Some(&one.id));
        }
        thread(told.comments);
    }
}
