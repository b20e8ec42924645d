#![allow(clippy::unwrap_used)]

use super::*;

#[track_caller]
fn check(from: &str, location: &[u8], expected: Result<&str, RedirectError>) {
    let from = Url::parse(from).unwrap();
    let found = redirect(302, &from, Reach::Public, Some(location)).map(|to| to.to.to_string());
    assert_eq!(found, expected.map(str::to_owned));
}

#[test]
fn relative_and_odd_locations_are_understood() {
    let from = "https://example.gov/news/feed.atom?a=1";
    check(
        from,
        b"other.atom",
        Ok("https://example.gov/news/other.atom"),
    );
    check(from, b"/other.atom", Ok("https://example.gov/other.atom"));
    check(from, b"?b=2", Ok("https://example.gov/news/feed.atom?b=2"));
    check(from, b"//other.gov/x", Ok("https://other.gov/x"));
    check(from, b"  /a b  ", Ok("https://example.gov/a%20b"));
    check(from, b"../../../x", Ok("https://example.gov/x"));
    check(
        from,
        "/caf\u{e9}".as_bytes(),
        Ok("https://example.gov/caf%C3%A9"),
    );
    check(from, b"/caf\xe9", Ok("https://example.gov/caf%E9"));
    check(
        from,
        b"HTTPS://Example.GOV:443/x",
        Ok("https://example.gov/x"),
    );
    check(
        from,
        "https://m\u{fc}nchen.de/".as_bytes(),
        Ok("https://xn--mnchen-3ya.de/"),
    );
}

#[test]
fn a_redirect_carries_neither_credentials_nor_fragment() {
    check(
        "https://example.gov/",
        b"https://user:secret@other.gov/x#top",
        Ok("https://other.gov/x"),
    );
}

#[test]
fn nothing_usable_is_an_error() {
    let nothing = || Err(RedirectError::NoAddress { status: 302 });
    check("https://example.gov/", b"", nothing());
    check("https://example.gov/", b"   ", nothing());
    check("https://example.gov/", b"https://", nothing());
    check("https://example.gov/", b"http://[::1", nothing());
    let from = Url::parse("https://example.gov/").unwrap();
    assert_eq!(
        redirect(301, &from, Reach::Public, None),
        Err(RedirectError::NoAddress { status: 301 })
    );
}

#[test]
fn no_other_scheme_and_nothing_less_secure() {
    for (location, scheme) in [
        ("ftp://example.gov/x", "ftp"),
        ("file:///etc/passwd", "file"),
        ("gopher://example.gov/", "gopher"),
        ("javascript:alert(1)", "javascript"),
        ("data:text/xml,<rss/>", "data"),
    ] {
        check(
            "http://example.gov/",
            location.as_bytes(),
            Err(RedirectError::OtherScheme {
                scheme: scheme.to_owned(),
            }),
        );
    }
    check(
        "https://example.gov/",
        b"http://example.gov/",
        Err(RedirectError::LessSecure),
    );
    check(
        "http://example.gov/",
        b"https://example.gov/",
        Ok("https://example.gov/"),
    );
}

#[test]
fn a_public_host_never_leads_to_a_private_one() {
    for (location, host) in [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://[::ffff:10.0.0.1]/", "[::ffff:a00:1]"),
        ("http://localhost:8080/", "localhost"),
    ] {
        check(
            "http://example.gov/",
            location.as_bytes(),
            Err(RedirectError::PrivateHost {
                host: host.to_owned(),
            }),
        );
    }
}

#[test]
fn a_private_host_may_lead_to_another() {
    check(
        "http://10.0.0.1/",
        b"http://127.0.0.1/",
        Ok("http://127.0.0.1/"),
    );
    let from = Url::parse("http://feeds.internal/").unwrap();
    let found = redirect(302, &from, Reach::Private, Some(b"http://10.0.0.1/"));
    assert_eq!(found.unwrap().to.as_str(), "http://10.0.0.1/");
}

#[track_caller]
fn check_moved(statuses: &[u16], expected: Option<&str>) {
    let mut trail = Trail::new(&Url::parse("http://example.gov/0").unwrap());
    for (n, status) in (1..).zip(statuses) {
        let location = format!("/{n}");
        trail
            .follow(*status, Reach::Public, Some(location.as_bytes()))
            .unwrap();
    }
    assert_eq!(trail.moved().map(Url::path), expected, "{statuses:?}");
}

#[test]
fn only_leading_permanent_redirects_move() {
    check_moved(&[], None);
    check_moved(&[301], Some("/1"));
    check_moved(&[308, 301], Some("/2"));
    check_moved(&[301, 302, 301], Some("/1"));
    for temporary in [302, 303, 307] {
        check_moved(&[temporary, 301], None);
    }
}

#[test]
fn loops_end_at_once() {
    let mut trail = Trail::new(&Url::parse("http://example.gov/a#top").unwrap());
    assert_eq!(
        trail.clone().follow(301, Reach::Public, Some(b"#other")),
        Err(RedirectError::Circle)
    );
    trail.follow(302, Reach::Public, Some(b"/b")).unwrap();
    let back = Some("http://user@EXAMPLE.gov:80/a".as_bytes());
    assert_eq!(
        trail.clone().follow(302, Reach::Public, back),
        Err(RedirectError::Circle)
    );
    trail.forget_visits();
    assert_eq!(trail.follow(302, Reach::Public, back), Ok(()));
}

#[test]
fn ten_redirects_are_the_most() {
    let mut trail = Trail::new(&Url::parse("http://example.gov/0").unwrap());
    for n in 1..=10 {
        let location = format!("/{n}");
        trail
            .follow(302, Reach::Public, Some(location.as_bytes()))
            .unwrap();
    }
    assert_eq!(
        trail.follow(302, Reach::Public, Some(b"/11")),
        Err(RedirectError::TooMany)
    );
}
