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
//! It speaks HTTP/1.1 over plain TCP with a thread a connection and keeps connections alive. An
//! address that was told nothing answers 404. Nothing here sleeps but [`Answer::delay`]; what has to
//! wait for a test waits at a [`Gate`].

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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

/// A gate that answers wait at until the test opens it.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Opens it, for good.
    pub fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let mut open = lock(&self.0.0);
        while !*open {
            open = self.0.1.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// How a body is framed.
#[derive(Clone, Debug)]
enum Framing {
    /// `Content-Length`, of this many bytes or of as many as there are.
    Length(Option<usize>),
    /// Chunks of at most this many bytes.
    Chunks(usize),
    /// Until the connection ends.
    UntilClose,
}

/// What a server answers.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    framing: Framing,
    raw: Option<Vec<u8>>,
    gate: Option<Gate>,
    body_gate: Option<(usize, Gate)>,
    delay: Duration,
    cut_after: Option<usize>,
    hang: bool,
    close: bool,
}

impl Answer {
    /// An answer with this status and nothing else.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            framing: Framing::Length(None),
            raw: None,
            gate: None,
            body_gate: None,
            delay: Duration::ZERO,
            cut_after: None,
            hang: false,
            close: false,
        }
    }

    /// 200 with a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).body(body)
    }

    /// A redirect.
    pub fn redirect(status: u16, location: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("Location", location)
    }

    /// Exactly these bytes, after which the connection ends.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            raw: Some(bytes.into()),
            close: true,
            ..Self::status(0)
        }
    }

    /// Nothing: the connection stays open until the server goes.
    pub fn hang() -> Self {
        Self {
            hang: true,
            ..Self::status(0)
        }
    }

    /// Adds a header field, its value as bytes.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the body in chunks of at most `bytes`.
    #[must_use]
    pub fn chunked(mut self, bytes: usize) -> Self {
        self.framing = Framing::Chunks(bytes.max(1));
        self
    }

    /// Announces another length than the body has.
    #[must_use]
    pub fn announcing(mut self, bytes: usize) -> Self {
        self.framing = Framing::Length(Some(bytes));
        self
    }

    /// Announces no length: the body ends with the connection.
    #[must_use]
    pub fn until_close(mut self) -> Self {
        self.framing = Framing::UntilClose;
        self.close = true;
        self
    }

    /// Cuts the connection once this many bytes of the framed body are sent.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self.close = true;
        self
    }

    /// Ends the connection after the answer, without announcing it.
    #[must_use]
    pub fn then_close(mut self) -> Self {
        self.close = true;
        self
    }

    /// Waits before the answer.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits at a gate before the answer.
    #[must_use]
    pub fn behind(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// Waits at a gate after this many bytes of the framed body.
    #[must_use]
    pub fn pause_after(mut self, bytes: usize, gate: &Gate) -> Self {
        self.body_gate = Some((bytes, gate.clone()));
        self
    }

    /// Returns the status line and the header fields.
    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        let bodiless = matches!(self.status, 100..=199 | 204 | 304);
        match self.framing {
            Framing::Length(length) if !bodiless => {
                let length = length.unwrap_or(self.body.len());
                head.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
            }
            Framing::Chunks(_) => head.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
            _ => {}
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    /// Returns the body as it goes over the wire.
    fn framed_body(&self) -> Vec<u8> {
        let Framing::Chunks(size) = self.framing else {
            return self.body.clone();
        };
        let mut framed = Vec::new();
        for chunk in self.body.chunks(size) {
            framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
        }
        framed.extend_from_slice(b"0\r\n\r\n");
        framed
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
    shared: Arc<Shared>,
}

impl FakeServer {
    /// Starts one on 127.0.0.1.
    pub fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST)
    }

    /// Starts one on another loopback address, which counts as a host of its own.
    pub fn start_at(address: impl Into<IpAddr>) -> Self {
        let listener = TcpListener::bind((address.into(), 0)).expect("a loopback port is free");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// Returns the address of a path here.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
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

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
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
            let _ = converse(&stream, number, &shared);
            let _ = stream.shutdown(std::net::Shutdown::Both);
            lock(&shared.state).open_connections -= 1;
        });
    }
}

/// Answers the questions of one connection until it ends.
fn converse(stream: &TcpStream, connection: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read_question(&mut reader, connection)? {
        let answer = begin(&asked, shared);
        let keep = give(&answer, stream, shared);
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
fn give(answer: &Answer, mut stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
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
        stream.write_all(raw)?;
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
    stream.write_all(&bytes)?;
    if let Some((_, gate)) = &answer.body_gate {
        gate.pass();
    }
    stream.write_all(rest)?;
    Ok(!answer.close)
}
