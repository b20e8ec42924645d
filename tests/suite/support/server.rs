//! A real loopback server that is told what to answer and remembers what it was asked.
//!
//! ```ignore
//! let server = FakeServer::start();
//! server.answer("/feed", Answer::ok("<rss/>").header("ETag", "\"a\""));
//! server.answer("/feed", Answer::status(304));      // the second time, and from then on
//! // … ask server.url("/feed") …
//! assert_eq!(server.asked_for("/feed")[1].header("if-none-match"), Some(&b"\"a\""[..]));
//! ```
//!
//! It speaks HTTP/1.1, plain or over TLS, with a thread a connection, and keeps connections alive. An
//! address that was told nothing answers 404. Nothing here sleeps but [`Answer::delay`]; what has to
//! wait for a test waits at a [`Gate`].

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub use answer::{Answer, Gate};
use wire::Wire;

mod answer;
mod wire;

/// One question, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The request target as sent: path and query, or a whole address where a proxy is asked.
    pub target: String,
    /// The header fields as sent, names in their own case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, where `Content-Length` announced one.
    pub body: Vec<u8>,
    /// When its head was read in full.
    pub time: Instant,
    /// The number of the connection that it came on, from 0.
    pub connection: usize,
}

impl Asked {
    /// Returns the first value of a header field, byte for byte, whatever the name's case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }
}

/// Decides an answer by the question.
type Decide = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// What one path answers.
enum Script {
    /// One answer after the other; the last again and again.
    Answers(Vec<Answer>),
    /// Whatever a function says.
    Decide(Decide),
}

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    fallback: Option<Decide>,
    asked: Vec<Asked>,
    running: usize,
    most_running: usize,
    connections: Vec<TcpStream>,
    open_connections: usize,
    most_connections: usize,
    stopped: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// A real loopback server.
pub struct FakeServer {
    address: SocketAddr,
    security: Security,
    shared: Arc<Shared>,
}

/// Whether a server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Plain,
    Tls,
}

impl FakeServer {
    /// Starts one on 127.0.0.1.
    pub fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST)
    }

    /// Starts one on another loopback address, which counts as a host of its own.
    pub fn start_at(address: impl Into<IpAddr>) -> Self {
        Self::listen(address.into(), Security::Plain)
    }

    /// Starts one that speaks TLS on this address. Its certificate is for 127.0.0.1 and `localhost`,
    /// and trusted by those who trust [`FakeServer::authority`].
    pub fn start_tls_at(address: impl Into<IpAddr>) -> Self {
        Self::listen(address.into(), Security::Tls)
    }

    /// Returns the PEM file of the authority that signs the certificates of these servers.
    pub fn authority() -> PathBuf {
        wire::authority()
    }

    fn listen(address: IpAddr, security: Security) -> Self {
        let listener = TcpListener::bind((address, 0)).expect("a loopback port is free");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, security, &accepting));
        Self {
            address,
            security,
            shared,
        }
    }

    /// Returns the address of a path here.
    pub fn url(&self, path: &str) -> String {
        let scheme = match self.security {
            Security::Plain => "http",
            Security::Tls => "https",
        };
        format!("{scheme}://{}{path}", self.address)
    }

    /// Returns where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds an answer to what a path answers. Path and query, or a whole address for a proxy.
    pub fn answer(&self, target: &str, answer: Answer) {
        let mut state = lock(&self.shared.state);
        let script = state
            .scripts
            .entry(target.to_owned())
            .or_insert_with(|| Script::Answers(Vec::new()));
        match script {
            Script::Answers(answers) => answers.push(answer),
            Script::Decide(_) => *script = Script::Answers(vec![answer]),
        }
    }

    /// Lets a function answer for a path.
    pub fn decide(&self, target: &str, decide: impl Fn(&Asked) -> Answer + Send + Sync + 'static) {
        let script = Script::Decide(Arc::new(decide));
        lock(&self.shared.state)
            .scripts
            .insert(target.to_owned(), script);
    }

    /// Lets a function answer for every path that was told nothing else.
    pub fn decide_all(&self, decide: impl Fn(&Asked) -> Answer + Send + Sync + 'static) {
        lock(&self.shared.state).fallback = Some(Arc::new(decide));
    }

    /// Returns all questions so far, in the order in which they came.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.shared.state).asked.clone()
    }

    /// Returns the questions for one path so far.
    pub fn asked_for(&self, target: &str) -> Vec<Asked> {
        let mut asked = self.asked();
        asked.retain(|asked| asked.target == target);
        asked
    }

    /// Waits until so many questions have come.
    ///
    /// # Panics
    /// After 20 seconds.
    pub fn wait_for_questions(&self, count: usize) {
        let state = lock(&self.shared.state);
        let (state, timeout) = self
            .shared
            .changed
            .wait_timeout_while(state, Duration::from_secs(20), |state| {
                state.asked.len() < count
            })
            .unwrap_or_else(PoisonError::into_inner);
        assert!(
            !timeout.timed_out(),
            "waited for {count} questions, {} came",
            state.asked.len()
        );
    }

    /// Returns how many questions were being answered at once, at the most.
    pub fn most_at_once(&self) -> usize {
        lock(&self.shared.state).most_running
    }

    /// Returns how many connections were open at once, at the most.
    pub fn most_connections(&self) -> usize {
        lock(&self.shared.state).most_connections
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        {
            let mut state = lock(&self.shared.state);
            state.stopped = true;
            for connection in &state.connections {
                let _ = connection.shutdown(std::net::Shutdown::Both);
            }
        }
        self.shared.changed.notify_all();
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

/// Takes a lock that another test's panic may have left.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, security: Security, shared: &Arc<Shared>) {
    for number in 0.. {
        let Ok((stream, _)) = listener.accept() else {
            return;
        };
        {
            let mut state = lock(&shared.state);
            if state.stopped {
                return;
            }
            state.connections.extend(stream.try_clone());
            state.open_connections += 1;
            state.most_connections = state.most_connections.max(state.open_connections);
        }
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // The other side may go at any time.
            let end = stream.try_clone();
            let wire = match security {
                Security::Plain => Ok(Wire::Plain(stream)),
                Security::Tls => Wire::tls(stream),
            };
            let _ = wire.and_then(|wire| converse(wire, number, &shared));
            let _ = end.and_then(|stream| stream.shutdown(std::net::Shutdown::Both));
            lock(&shared.state).open_connections -= 1;
        });
    }
}

/// Answers the questions of one connection until it ends.
fn converse(wire: Wire, connection: usize, shared: &Shared) -> io::Result<()> {
    let mut reader = BufReader::new(wire);
    while let Some(asked) = read_question(&mut reader, connection)? {
        let answer = begin(&asked, shared);
        let keep = give(&answer, reader.get_mut(), shared);
        lock(&shared.state).running -= 1;
        if !keep? {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads one question; none where the connection has ended.
fn read_question(reader: &mut impl BufRead, connection: usize) -> io::Result<Option<Asked>> {
    let first = read_line(reader)?;
    if first.is_empty() {
        return Ok(None);
    }
    let first = String::from_utf8_lossy(&first).into_owned();
    let mut words = first.split(' ').map(str::to_owned);
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        headers.push((String::from_utf8_lossy(name).into_owned(), value.to_vec()));
    }
    let mut asked = Asked {
        method,
        target,
        headers,
        body: Vec::new(),
        time: Instant::now(),
        connection,
    };
    let length = asked
        .header("content-length")
        .and_then(|value| String::from_utf8_lossy(value).trim().parse().ok())
        .unwrap_or(0);
    asked.body = vec![0; length];
    reader.read_exact(&mut asked.body)?;
    Ok(Some(asked))
}

/// Reads a line without its end.
fn read_line(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    while line
        .last()
        .is_some_and(|byte| matches!(byte, b'\r' | b'\n'))
    {
        line.pop();
    }
    Ok(line)
}

/// Notes a question and finds its answer.
fn begin(asked: &Asked, shared: &Shared) -> Answer {
    let mut state = lock(&shared.state);
    state.running += 1;
    state.most_running = state.most_running.max(state.running);
    state.asked.push(asked.clone());
    shared.changed.notify_all();
    let fallback = state.fallback.clone();
    let decide = match state.scripts.get_mut(&asked.target) {
        Some(Script::Answers(answers)) if answers.len() > 1 => return answers.remove(0),
        Some(Script::Answers(answers)) => return answers[0].clone(),
        Some(Script::Decide(decide)) => Some(Arc::clone(decide)),
        None => fallback,
    };
    drop(state);
    decide.map_or_else(|| Answer::status(404), |decide| decide(asked))
}

/// Gives an answer and returns whether the connection goes on.
fn give(answer: &Answer, wire: &mut Wire, shared: &Shared) -> io::Result<bool> {
    if answer.hang {
        let mut state = lock(&shared.state);
        while !state.stopped {
            state = shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        return Ok(false);
    }
    if let Some(gate) = &answer.gate {
        gate.pass();
    }
    thread::sleep(answer.delay);
    if let Some(raw) = &answer.raw {
        wire.write_all(raw)?;
        wire.end()?;
        return Ok(false);
    }
    let mut body = answer.framed_body();
    if let Some(bytes) = answer.cut_after {
        body.truncate(bytes);
    }
    let pause = answer
        .body_gate
        .as_ref()
        .map_or(body.len(), |(bytes, _)| body.len().min(*bytes));
    let (first, rest) = body.split_at(pause);
    let mut bytes = answer.head();
    bytes.extend_from_slice(first);
    wire.write_all(&bytes)?;
    if let Some((_, gate)) = &answer.body_gate {
        gate.pass();
    }
    wire.write_all(rest)?;
    if answer.close {
        wire.end()?;
    }
    Ok(!answer.close)
}
