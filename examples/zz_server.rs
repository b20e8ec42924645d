use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
fn main() {
    let l = TcpListener::bind("0.0.0.0:18999").unwrap();
    let body: Vec<u8> = std::env::args()
        .nth(1)
        .map(|p| std::fs::read(p).unwrap())
        .unwrap_or_default();
    let body: &'static [u8] = body.leak();
    for s in l.incoming() {
        let s = s.unwrap();
        std::thread::Builder::new().stack_size(64*1024).spawn(move || {
            s.set_nodelay(true).unwrap();
            let mut r = BufReader::new(&s);
            let mut line = Vec::new();
            let mut inm = false;
            let mut first = true;
            loop {
                line.clear();
                if r.read_until(b'\n', &mut line).unwrap_or(0) == 0 { return; }
                if first { first = false; continue; }
                if line.starts_with(b"if-none-match") { inm = true; }
                if line == b"\r\n" {
                    let mut w = &s;
                    if inm || body.is_empty() { let _ = w.write_all(b"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nDate: Mon, 02 Mar 2026 12:00:00 GMT\r\n\r\n"); }
                    else {
                        let mut out = format!("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Type: application/rss+xml\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
                        out.extend_from_slice(body);
                        let _ = w.write_all(&out);
                    }
                    inm = false; first = true;
                }
            }
        }).unwrap();
    }
}
