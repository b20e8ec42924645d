//! Promise 4: a body that is too large, too slow, cut short or no feed is an error; nothing of it is
//! stored, and all that was cached stays.

use super::{feed, force, subscribed, titles};
use crate::net::bodies::{bare_deflate, brotli, gzip, zlib, zstd};
use crate::support::server::{Answer, FakeServer, Gate};

/// Polls a feed well, then with a bad answer, then well again. Checks that the bad one is an error
/// that says why, and that nothing but the failure is left of it.
#[track_caller]
fn check_bad(network: &str, bad: Answer, error: &str) {
    let server = FakeServer::start();
    let good = feed(&["a"]);
    server.answer("/feed", Answer::ok(&*good).header("ETag", "\"good\""));
    server.answer("/feed", bad.header("ETag", "\"bad\""));
    server.answer("/feed", Answer::status(304));
    let env = subscribed(&server, network);
    assert_eq!(force(&env)["status"], "new");
    let ran = env.run(&["refresh", "--force", "--format", "json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    let line = ran.out.lines().next().expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["status"], "failed", "{line}");
    let told = line["error"].as_str().expect("an error");
    assert!(told.contains(error), "{told:?}, not {error:?}");
    assert_eq!((&line["new"], &line["updated"]), (&0.into(), &0.into()));
    assert!(line["next_check"].is_string());

    assert_eq!(titles(&env), ["a"]);
    let article = &env.json(&["show", "1", "--format", "json"])[0];
    assert_eq!(
        (&article["revisions"], &article["feed_title"]),
        (&0.into(), &"Policy Weekly".into())
    );
    let known = &env.json(&["feeds", "list", "--format", "json"])[0];
    assert_eq!(
        (&known["state"], &known["title"]),
        (&"failing".into(), &"Policy Weekly".into())
    );

    assert_eq!(force(&env)["status"], "unchanged");
    let asked = &server.asked_for("/feed")[2];
    assert_eq!(asked.header("if-none-match"), Some(&b"\"good\""[..]));
}

#[test]
fn every_offered_encoding_is_read_and_counted_as_received() {
    let server = FakeServer::start();
    let plain = feed(&["a"]).into_bytes();
    let encoded = [
        ("gzip", gzip(&plain)),
        ("x-gzip", gzip(&plain)),
        ("br", brotli(&plain)),
        ("zstd", zstd(&plain)),
        ("deflate", zlib(&plain)),
        ("deflate", bare_deflate(&plain)),
        ("identity", plain.clone()),
        ("gzip, br", brotli(&gzip(&plain))),
        ("gzip", [gzip(&plain[..300]), gzip(&plain[300..])].concat()),
    ];
    for (encoding, body) in encoded {
        let path = format!("/{encoding}/{}", body.len());
        let path = path.replace([' ', ','], "-");
        let length = body.len();
        server.answer(&path, Answer::ok(body).header("Content-Encoding", encoding));
        let env = crate::support::env::TestEnv::with_feeds(&[&server.url(&path)]);
        let line = force(&env);
        assert_eq!(
            (&line["status"], &line["bytes"]),
            (&"new".into(), &length.into()),
            "{encoding}"
        );
        assert_eq!(titles(&env), ["a"], "{encoding}");
        let offered = server.asked_for(&path)[0]
            .header("accept-encoding")
            .map(<[u8]>::to_vec);
        assert_eq!(offered.as_deref(), Some(&b"gzip, br, zstd, deflate"[..]));
    }
}

#[test]
fn a_body_cut_short_is_an_error() {
    let long = feed(&["b", "c"]);
    let half = long.len() / 2;
    check_bad(
        "",
        Answer::ok(&*long).announcing(long.len() + 1).then_close(),
        "cut short",
    );
    check_bad("", Answer::ok(&*long).cut_after(half), "cut short");
    check_bad(
        "",
        Answer::ok(&*long).chunked(50).cut_after(half),
        "cut short",
    );
    let chunks =
        |body: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    check_bad(
        "",
        Answer::raw(chunks(&format!("zz\r\n{long}\r\n0\r\n\r\n"))),
        "cut short",
    );
    check_bad(
        "",
        Answer::raw(chunks(&format!("{:x}\r\n{long}", long.len()))),
        "cut short",
    );
}

#[test]
fn a_damaged_or_unknown_encoding_is_an_error() {
    let long = feed(&["b", "c"]).into_bytes();
    let coded =
        |encoding: &str, body: Vec<u8>| Answer::ok(body).header("Content-Encoding", encoding);
    for (encoding, body) in [
        ("gzip", gzip(&long)),
        ("br", brotli(&long)),
        ("zstd", zstd(&long)),
        ("deflate", zlib(&long)),
        ("deflate", bare_deflate(&long)),
    ] {
        let mut cut = body;
        cut.truncate(cut.len() - 5);
        check_bad(
            "",
            coded(encoding, cut),
            "compression is damaged or cut short",
        );
    }
    let mut wrong_sum = gzip(&long);
    let end = wrong_sum.len() - 6;
    wrong_sum[end] ^= 1;
    check_bad("", coded("gzip", wrong_sum), "compression is damaged");
    check_bad("", coded("gzip", long.clone()), "compression is damaged");
    check_bad(
        "",
        coded("compress", long.clone()),
        "compressed in an unknown way",
    );
    // Compressed, and nobody says so.
    check_bad("", Answer::ok(gzip(&long)), "");
}

#[test]
fn the_size_limit_counts_after_decompression() {
    let good = feed(&["a"]);
    let long = feed(&["b", "c", "d", "e"]);
    let limit = |bytes: usize| format!("max_body_bytes = {bytes}");
    let larger = "is larger than";
    check_bad(&limit(long.len() - 1), Answer::ok(&*long), larger);
    check_bad(
        &limit(long.len() - 1),
        Answer::ok(&*long).chunked(100),
        larger,
    );
    check_bad(
        &limit(long.len() - 1),
        Answer::ok(&*long).until_close(),
        larger,
    );
    let bomb =
        |encoding: &str, body: Vec<u8>| Answer::ok(body).header("Content-Encoding", encoding);
    let zeros = vec![b' '; 11_000_000];
    check_bad("", bomb("gzip", gzip(&zeros)), larger);
    check_bad("", bomb("zstd", zstd(&zeros)), larger);
    check_bad("", bomb("deflate", zlib(&zeros)), larger);
    check_bad("", bomb("gzip, gzip", gzip(&gzip(&zeros))), larger);
    // A length that is announced is believed at once.
    let gate = Gate::default();
    let endless = Answer::ok(&*good)
        .announcing(1 << 40)
        .pause_after(10, &gate);
    check_bad("", endless, larger);
    gate.open();

    let server = FakeServer::start();
    server.answer("/feed", Answer::ok(&*long));
    let env = subscribed(&server, &limit(long.len()));
    assert_eq!(force(&env)["new"], 4);
}

#[test]
fn a_slow_answer_ends_at_the_time_limit() {
    let gate = Gate::default();
    let long = feed(&["b"]);
    let limit = "timeout_seconds = 1";
    let slow = "did not answer in full within 1 s";
    check_bad(limit, Answer::hang(), slow);
    check_bad(limit, Answer::ok(&*long).behind(&gate), slow);
    check_bad(limit, Answer::ok(&*long).pause_after(0, &gate), slow);
    check_bad(
        limit,
        Answer::ok(&*long).pause_after(long.len() - 1, &gate),
        slow,
    );
    check_bad(
        limit,
        Answer::ok(&*long).chunked(9).pause_after(40, &gate),
        slow,
    );
    gate.open();
}

#[test]
fn what_is_no_feed_is_a_failure_and_never_unchanged() {
    for page in [
        "",
        " \r\n\t ",
        "<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>",
        "<html><body><p>Enable JavaScript and cookies to continue</p></body></html>",
        "{\"error\": \"not found\"}",
        "[]",
        "<?xml version=\"1.0\"?><urlset><url><loc>https://a.example/</loc></url></urlset>",
        "<?xml version=\"1.0\"?><opml version=\"2.0\"><body/></opml>",
        "Not found",
        "\u{0}\u{1}\u{2}",
        "%PDF-1.7",
    ] {
        let answer = Answer::ok(page).header("Content-Type", "application/rss+xml");
        check_bad("", answer, "");
    }
    check_bad(
        "",
        Answer::ok("<html><body>Log in</body></html>"),
        "HTML page",
    );
    check_bad("", Answer::ok(""), "empty");
}

#[test]
fn no_status_but_200_brings_a_feed() {
    let b = feed(&["b"]);
    for (status, error) in [
        (401, "user name and password"),
        (403, "refused by the site"),
        (404, "nothing is there"),
        (429, "too many requests"),
        (500, "the server answered 500"),
        (206, "the server answered 206"),
        (204, "the server answered 204"),
        (205, "the server answered 205"),
        (202, "the server answered 202"),
        (300, "the server answered 300"),
    ] {
        let answer = Answer::status(status);
        let answer = if matches!(status, 204 | 205) {
            answer
        } else {
            answer.body(&*b)
        };
        check_bad("", answer, error);
    }
}

#[test]
fn what_is_no_http_is_an_error() {
    let b = feed(&["b"]);
    for raw in [
        "",
        "<rss version=\"2.0\"><channel></channel></rss>",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 9999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nBad Header\u{0}: x\r\n\r\nabcdef",
    ] {
        check_bad("", Answer::raw(raw), "");
    }
    let huge = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n{b}", "x".repeat(3_000_000));
    check_bad("", Answer::raw(huge), "");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n{b}", "X: y\r\n".repeat(100_000));
    check_bad("", Answer::raw(many), "");
    // The oldest servers send no header at all but a status, and end with the connection.
    let server = FakeServer::start();
    server.answer("/feed", Answer::raw(format!("HTTP/1.0 200 OK\r\n\r\n{b}")));
    assert_eq!(force(&subscribed(&server, ""))["new"], 1);
}
