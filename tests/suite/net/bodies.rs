//! Bodies: encodings, bombs, and what was cut short.

use std::io::Write;
use std::time::Duration;

use super::{get, network, text};
use crate::support::server::{Answer, FakeServer, Gate};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use gazette::net::{FetchError, Network};

pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn zlib(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn bare_deflate(text: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).unwrap()
}

/// The longer sample: more than any buffer holds.
fn sample() -> String {
    "<item>one of very many</item>\n".repeat(10_000)
}

/// Writes brotli as RFC 7932 §9.2 allows without compressing: blocks of at most 64 KiB as they are.
pub fn brotli(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (n, block) in text.chunks(1 << 16).enumerate() {
        // The window bit (first block only), "not last", four nibbles of length less 1, "as it is".
        let window_bits = u32::from(n == 0);
        let length = u32::try_from(block.len() - 1).unwrap();
        let head = (length << 3 | 1 << 19) << window_bits;
        out.extend(&head.to_le_bytes()[..3]);
        out.extend(block);
    }
    // The last block, which is empty.
    out.push(3);
    out
}

/// `a reader of news, ` twenty times, as the reference encoder compresses it.
const BROTLI: [u8; 21] = [
    0x1b, 0x67, 0x01, 0xf8, 0x25, 0x41, 0x58, 0xc2, 0x52, 0x10, 0x4a, 0x28, 0xcb, 0x10, 0x9c, 0xf0,
    0xa8, 0x3d, 0x83, 0x86, 0x08,
];

fn answer(encoding: &str, body: Vec<u8>) -> Result<String, FetchError> {
    let server = FakeServer::start();
    let answer = Answer::ok(body).header("Content-Encoding", encoding);
    server.answer("/feed", answer);
    text(&server.url("/feed"))
}

#[track_caller]
fn check(encoding: &str, body: Vec<u8>, expected: &str) {
    let found = answer(encoding, body).unwrap();
    assert!(found == expected, "{encoding}: {} bytes", found.len());
}

#[test]
fn every_offered_encoding_is_undone() {
    let sample = sample();
    let plain = sample.as_bytes();
    check("gzip", gzip(plain), &sample);
    check("X-GZip", gzip(plain), &sample);
    check("deflate", zlib(plain), &sample);
    check("deflate", bare_deflate(plain), &sample);
    check("zstd", zstd(plain), &sample);
    check("identity", plain.to_vec(), &sample);
    check("br", brotli(plain), &sample);
    check("br", BROTLI.to_vec(), &"a reader of news, ".repeat(20));
}

#[test]
fn encodings_over_one_another_are_undone_from_the_outside() {
    let sample = sample();
    let plain = sample.as_bytes();
    check("gzip, zstd", zstd(&gzip(plain)), &sample);
    check("deflate, identity, gzip", gzip(&zlib(plain)), &sample);
    let server = FakeServer::start();
    let answer = Answer::ok(zstd(&gzip(plain)))
        .header("Content-Encoding", "gzip")
        .header("Content-Encoding", "zstd");
    server.answer("/feed", answer);
    assert!(text(&server.url("/feed")).unwrap() == sample);
}

#[test]
fn gzip_may_come_in_members_and_end_in_padding() {
    let mut members = gzip(b"one ");
    members.extend(gzip(b""));
    members.extend(gzip(b"two"));
    members.extend([0; 64]);
    check("gzip", members, "one two");
}

#[test]
fn an_empty_body_is_empty_in_every_encoding() {
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        check(encoding, Vec::new(), "");
    }
    check("deflate", zlib(b""), "");
}

#[test]
fn an_encoding_that_was_not_offered_is_an_error() {
    for encoding in ["compress", "gzip, rot13", "gzip, gzip, gzip, gzip, gzip"] {
        let found = answer(encoding, b"body".to_vec());
        assert!(
            matches!(found, Err(FetchError::UnknownEncoding)),
            "{encoding}"
        );
    }
}

#[test]
fn a_compressed_stream_that_is_cut_short_or_damaged_is_an_error() {
    let sample = sample();
    let plain = sample.as_bytes();
    for (encoding, whole) in [
        ("gzip", gzip(plain)),
        ("deflate", zlib(plain)),
        ("deflate", bare_deflate(plain)),
        ("zstd", zstd(plain)),
        ("br", brotli(plain)),
        ("br", BROTLI.to_vec()),
    ] {
        let short = |bytes: usize| whole[..whole.len() - bytes].to_vec();
        for bad in [
            short(1),
            short(whole.len() / 2),
            b"<rss>not this</rss>".to_vec(),
        ] {
            let found = answer(encoding, bad);
            assert!(
                matches!(found, Err(FetchError::Damaged { .. })),
                "{encoding} {found:?}"
            );
        }
    }
}

#[test]
fn a_checksum_that_is_wrong_is_an_error() {
    for (encoding, mut body, from_end) in
        [("gzip", gzip(b"words"), 5), ("deflate", zlib(b"words"), 1)]
    {
        let at = body.len() - from_end;
        body[at] ^= 1;
        let found = answer(encoding, body);
        assert!(matches!(found, Err(FetchError::Damaged { .. })));
    }
}

#[test]
fn a_bomb_is_too_large_and_not_unpacked() {
    let bomb = vec![0; 4 << 20];
    for (encoding, body) in [
        ("gzip", gzip(&bomb)),
        ("deflate", zlib(&bomb)),
        ("zstd", zstd(&bomb)),
        ("gzip, gzip", gzip(&gzip(&bomb))),
        // The inner stage gives nothing, the outer one too much.
        ("zstd, gzip", {
            let mut skipped = vec![0x50, 0x2a, 0x4d, 0x18];
            skipped.extend(u32::try_from(bomb.len()).unwrap().to_le_bytes());
            skipped.extend(&bomb);
            gzip(&skipped)
        }),
    ] {
        let found = answer(encoding, body);
        assert!(
            matches!(found, Err(FetchError::TooLarge { limit }) if limit == 1 << 20),
            "{encoding}"
        );
    }
}

/// Answers with so many bytes where a thousand are allowed.
fn limited(answer: Answer) -> Result<Vec<u8>, FetchError> {
    let server = FakeServer::start();
    server.answer("/feed", answer);
    let settings = Network {
        max_body_bytes: 1000,
        timeout: Duration::from_secs(5),
        ..network()
    };
    get(settings, &server.url("/feed"))?.body.decode(1000)
}

#[test]
fn the_size_limit_is_the_last_byte_allowed() {
    let exact = vec![b'x'; 1000];
    let more = vec![b'x'; 1001];
    let encoded = |body: &[u8]| Answer::ok(gzip(body)).header("Content-Encoding", "gzip");
    for answer in [
        Answer::ok(exact.clone()),
        Answer::ok(exact.clone()).chunked(300),
        Answer::ok(exact.clone()).until_close(),
        encoded(&exact),
    ] {
        assert_eq!(limited(answer).unwrap(), exact);
    }
    for answer in [
        Answer::ok(more.clone()),
        Answer::ok(more.clone()).chunked(300),
        Answer::ok(more.clone()).until_close(),
        encoded(&more),
    ] {
        assert!(matches!(
            limited(answer),
            Err(FetchError::TooLarge { limit: 1000 })
        ));
    }
}

#[test]
fn what_cannot_be_compressed_may_grow_a_little() {
    // Bytes without a pattern: a linear congruence.
    let mut state: u32 = 1;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(1000)
    .collect();
    let packed = gzip(&noise);
    assert!(packed.len() > noise.len());
    let answer = Answer::ok(packed).header("Content-Encoding", "gzip");
    assert_eq!(limited(answer).unwrap(), noise);
}

#[test]
fn a_body_that_announces_too_much_is_not_waited_for() {
    let never = Gate::default();
    let announced = Answer::ok("x").announcing(1001).pause_after(0, &never);
    assert!(matches!(
        limited(announced),
        Err(FetchError::TooLarge { .. })
    ));
}

#[test]
fn an_endless_body_ends_at_the_limit() {
    let never = Gate::default();
    let endless = Answer::ok(vec![b'x'; 1 << 20]).chunked(100);
    let endless = endless.pause_after(2000, &never);
    assert!(matches!(limited(endless), Err(FetchError::TooLarge { .. })));
}

#[test]
fn a_window_larger_than_servers_may_ask_for_is_refused() {
    let sample = sample();
    for (window_log, good) in [(23, true), (27, false)] {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(window_log).unwrap();
        encoder.write_all(sample.as_bytes()).unwrap();
        let found = answer("zstd", encoder.finish().unwrap());
        assert_eq!(found.is_ok(), good, "{window_log}");
    }
}

#[track_caller]
fn check_truncated(answer: Answer) {
    let server = FakeServer::start();
    server.answer("/feed", answer);
    let found = get(network(), &server.url("/feed"));
    assert!(
        matches!(found, Err(FetchError::Truncated { .. })),
        "{found:?}"
    );
    assert_eq!(server.asked().len(), 1, "asked once");
}

#[test]
fn a_body_that_is_cut_short_is_an_error() {
    check_truncated(Answer::ok("half a bo").announcing(20).then_close());
    check_truncated(Answer::ok("").announcing(20).then_close());
    check_truncated(Answer::ok(vec![b'x'; 50_000]).cut_after(30_000));
    check_truncated(Answer::ok("chunk after chunk").chunked(5).cut_after(12));
    // All chunks but the last, empty one.
    check_truncated(Answer::ok("chunk").chunked(5).cut_after(10));
}

#[test]
fn a_broken_chunk_is_an_error() {
    for broken in ["zz\r\nabc\r\n0\r\n\r\n", "3\r\nabcX\r\n0\r\n\r\n"] {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        check_truncated(Answer::raw(format!("{head}{broken}")));
    }
}

#[test]
fn the_bytes_received_are_counted_before_decompression() {
    let server = FakeServer::start();
    let packed = gzip(sample().as_bytes());
    let length = u64::try_from(packed.len()).unwrap();
    server.answer(
        "/feed",
        Answer::ok(packed)
            .header("Content-Encoding", "gzip")
            .chunked(1000),
    );
    server.answer("/feed", Answer::status(304));
    let address = server.url("/feed");
    assert_eq!(get(network(), &address).unwrap().body.received(), length);
    assert_eq!(get(network(), &address).unwrap().body.received(), 0);
}
