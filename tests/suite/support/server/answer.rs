//! What a server is told to answer.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::lock;

/// A gate that answers wait at until the test opens it.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Opens it, for good.
    pub fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    pub(super) fn pass(&self) {
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
    pub(super) raw: Option<Vec<u8>>,
    pub(super) gate: Option<Gate>,
    pub(super) body_gate: Option<(usize, Gate)>,
    pub(super) delay: Duration,
    pub(super) cut_after: Option<usize>,
    pub(super) hang: bool,
    pub(super) close: bool,
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

    /// Leaves the body away, as an answer to HEAD does, and announces what it would have had.
    #[must_use]
    pub fn head_alone(mut self) -> Self {
        self.framing = Framing::Length(Some(self.body.len()));
        self.body.clear();
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
    pub(super) fn head(&self) -> Vec<u8> {
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
    pub(super) fn framed_body(&self) -> Vec<u8> {
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
