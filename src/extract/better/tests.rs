use super::*;
use crate::model::article::PageFacts;

const TITLE: &str = "Delayed digital plan asks departments to act as one";

const SUMMARY: &str = "<p>A year late, the plan ties money to shared services and rests on five \
                       pillars for the work to 2030…</p>";

/// An article of some 60 words that has all of the summary.
const ARTICLE: &str = "A year late, the plan ties money to shared services and rests on five \
                       pillars for the work to 2030. Departments that build their own sign-in, \
                       payment or notice service will have to explain why. The centre publishes a \
                       register of who holds which data, and each department names one person who \
                       answers for it to the Treasury every spring.";

fn page(text: &str) -> Page {
    Page {
        html: format!("<p>{text}</p>"),
        ..Page::default()
    }
}

/// Whether pages may take the place of a summary under a title.
#[track_caller]
fn check(title: &str, summary: &str, expected: bool, pages: &[&str]) {
    for text in pages {
        assert_eq!(is_better(&page(text), title, summary), expected, "{text}");
    }
}

#[test]
fn the_whole_article_is_better() {
    check(
        TITLE,
        SUMMARY,
        true,
        &[
            ARTICLE,
            "The plan for shared services is a year late. Its five pillars tie money to work done by \
             departments until 2030, and each of them is to report what it did every year.",
            "Money and services: one plan, five pillars, shared by every department. It comes a year \
             later than promised, and the work lasts until 2030, so say its authors today.",
            &format!("{ARTICLE} {ARTICLE} We use cookies. Accept all cookies."),
            &format!("Please enable JavaScript for comments. {ARTICLE} {ARTICLE}"),
            &format!(
                "{} Already a subscriber? Log in to read more.",
                ARTICLE.repeat(5)
            ),
        ],
    );
}

#[test]
fn cookie_walls_are_not() {
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "We use cookies to improve your experience of this site. Please accept all cookies or \
             manage your cookie settings before you go on to the article about the plan.",
            "This site uses cookies. Some are needed for the services of the site to work, others \
             share with us how the year went. The plan is to ask you once. Cookie preferences.",
            "Manage your privacy. We and our five partners store data on a device. A year late, the \
             plan ties money to shared services and rests on five pillars for the work to 2030.",
            "Alle Cookies akzeptieren. Wir nutzen Cookies für die Dienste dieser Seite und teilen \
             Daten mit fünf Partnern, bis 2030 oder bis Sie es in den Einstellungen ablehnen.",
        ],
    );
}

#[test]
fn pages_for_scripts_are_not() {
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "Please enable JavaScript and reload the page: a year late, the plan ties money to \
             shared services and rests on five pillars for the work to 2030, and more.",
            "You need to enable JavaScript to run this app. If the plan to load the page does not \
             work, ask the shared services desk, which answers within five days all year round.",
            "JavaScript is disabled in your browser. To see the services and the plan for the year, \
             turn it on in the settings and load this page once more, or call the five numbers.",
            "Your browser is not supported. The plan, the money, the shared services and the five \
             pillars of the work to 2030 are shown by newer ones, a year old or less.",
            "Bitte aktivieren Sie JavaScript, um diese Seite mit allen Diensten zu sehen, oder \
             rufen Sie uns unter einer der fünf Nummern an, die bis zum Jahr 2030 besetzt sind.",
        ],
    );
}

#[test]
fn checks_for_robots_are_not() {
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "Verify you are human by completing the action below. The site needs to review the \
             security of your connection before you can go on to read about the plan and services.",
            "Checking your browser before you reach the plan. This process is automatic, and you \
             are taken to the shared services page shortly; please allow up to five seconds of work.",
            "Our systems have detected unusual traffic from your network. This page checks that it \
             is you who sends the requests, and not a robot that works all the year for money.",
            "Access denied. You do not have permission to see the plan on this server. Reference \
             number 18.2030, shared with the five people who run the services, a year at most.",
            "Please complete the captcha: choose all pictures with pillars in them. A year late, \
             the plan ties money to shared services and rests on five pillars for the work to 2030.",
        ],
    );
}

#[test]
fn walls_for_subscribers_are_not() {
    let begun = "A year late, the plan ties money to shared services and rests on five pillars for \
                 the work to 2030, and departments that build their own will have to explain.";
    let ends = [
        "Subscribe to continue reading.",
        "Already a subscriber? Log in.",
        "Register to read this article and three more.",
        "Please sign in to go on.",
        "This article is for subscribers only.",
        "Create a free account to read on, or log in to continue.",
        "You must be logged in to see the rest.",
        "Article réservé aux abonnés.",
        "Jetzt abonnieren und weiterlesen.",
    ];
    let walls: Vec<String> = ends.iter().map(|end| format!("{begun} {end}")).collect();
    let walls: Vec<&str> = walls.iter().map(String::as_str).collect();
    check(TITLE, SUMMARY, false, &walls);
    check(TITLE, SUMMARY, true, &[begun]);
}

#[test]
fn errors_are_not() {
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "Page not found. The page you requested could not be found. Try the search, or go to \
             the front page, where all news of the last days are listed by department.",
            "Sorry, that page doesn\u{2019}t exist. The plan may have moved to shared services; the \
             five latest pieces of work on money are below, from the last year to 2030.",
            "Error 404. The page you were looking for has been moved or deleted. Search the plan, \
             the pillars and the services of the last year, or write to the five of us.",
            "503 Service Unavailable. The server is overloaded with work on the plan for shared \
             services, or down for a year late review of its five pillars and the money to 2030.",
            "Seite nicht gefunden. Der Plan, die fünf Säulen und die Dienste bis 2030 sind jetzt an \
             anderer Stelle; die Suche hilft weiter, ebenso die Übersicht nach Jahr.",
        ],
    );
}

#[test]
fn less_than_the_summary_is_not() {
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "",
            " ",
            "<br>",
            "A year late.",
            "A year late, the plan ties money to shared services",
        ],
    );
    check(TITLE, ARTICLE, false, &[SUMMARY]);
    check(TITLE, ARTICLE, true, &[ARTICLE]);
}

#[test]
fn another_text_is_not() {
    let terms = "These terms apply whenever you use the site. We may change them from time to time \
                 and will tell you here. You agree not to copy what you find on it for sale, nor to \
                 do anything that is against the law of the place where you live or where we are. ";
    check(
        TITLE,
        SUMMARY,
        false,
        &[
            "Weather: rain in the north, and sunshine in the south with some clouds over the hills \
             in the evening. Tomorrow it will be colder everywhere, with frost in the night.",
            &terms.repeat(8),
            "The council's plan for parks spends five million this year, money that it has from the \
             sale of a car park. Trees come first, then benches, and a new playground by the river.",
            "Latest news. Minister opens bridge. Prices fall again in March. Why the lake is green. \
             Ten recipes for winter. Who won, and who lost. Sport at the weekend in pictures.",
        ],
    );
    check(
        "A word with the new permanent secretary",
        "",
        false,
        &[&terms.repeat(8)],
    );
}

#[test]
fn an_article_about_walls_is_an_article() {
    let summary = "We use cookies, says every site. A new rule on consent ends the banner";
    check(
        "An end to banners",
        summary,
        true,
        &[
            "We use cookies, says every site. A new rule on consent, laid today, ends the banner for \
           good.",
        ],
    );
    check(
        "Page not found: how councils lose their archives",
        "",
        true,
        &["Page not found is what four councils of ten show where their archives were."],
    );
}

#[test]
fn a_summary_that_is_cut_or_signed_counts_no_more_than_its_words() {
    let cut = "<p>A year late, the plan ties money to shared services and rests [&#8230;]</p>\
               <p>The post <a href=\"/a\">Delayed digital plan asks departments to act as one</a> \
               appeared first on <a href=\"/\">The News</a>.</p>";
    check(
        TITLE,
        cut,
        true,
        &["A year late, the plan ties money to shared services and rests on five pillars."],
    );
}

#[test]
fn without_much_of_a_summary_the_title_tells() {
    check(
        TITLE,
        "",
        true,
        &["A digital plan for all.", "Each department acts."],
    );
    check(TITLE, "", false, &["Weather and sport.", "Home"]);
    check(
        TITLE,
        "Plan published.",
        true,
        &["The plan was published on Monday."],
    );
    check("", "", true, &["Anything."]);
    check("On it", "", true, &["Anything."]);
}

#[test]
fn words_are_told_apart_without_blanks() {
    let title = "デジタル計画が一年遅れで公表";
    let summary = "一年遅れの計画は、共有サービスと五つの柱に基づく。";
    check(
        title,
        summary,
        true,
        &["計画は一年遅れた。共有サービスと五つの柱に基づき、各省は毎年報告する。"],
    );
    check(
        title,
        summary,
        false,
        &["北部は雨、南部は晴れ。明日は全国で寒くなり、夜には霜が降りるでしょう。"],
    );
}

#[test]
fn a_document_needs_no_proof() {
    let document = |html: &str| Page {
        html: html.to_owned(),
        facts: PageFacts {
            kind: Some("Policy paper".to_owned()),
            standfirst: Some(html::plain_text(SUMMARY)),
            ..PageFacts::default()
        },
    };
    assert!(is_better(
        &document("<ul><li>PDF, 2 MB</li></ul>"),
        TITLE,
        SUMMARY
    ));
    assert!(is_better(
        &document("<p>Please sign in to apply.</p>"),
        TITLE,
        SUMMARY
    ));
    assert!(!is_better(&document("<p> </p>"), TITLE, SUMMARY));
    assert!(!is_better(&document("<p>Short.</p>"), TITLE, ARTICLE));
}
