//! One conditional GET with its redirects, limits and time limit.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, SET_COOKIE, USER_AGENT,
};
use tokio::time::{Instant, timeout};
use url::{Origin, Url};

use super::body::{Body, Encodings};
use super::credentials::Credentials;
use super::error::{Attempt, Come, FetchError};
use super::guard::Reaching;
use super::permits::Permits;
use super::post::may_carry_a_password;
use super::proxies::Proxies;
use super::transport::Transports;
use crate::model::feed::Validators;
use crate::polite::headers::date;
use crate::polite::validators::validators_after;
use crate::polite::{Headers, Reach, Trail, is_private_address, is_private_host};

/// What is asked for: feeds first, then anything.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
     application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5";

/// The same for a page, and for data.
const ACCEPTED_PAGES: &str = "text/html, application/xhtml+xml, */*;q=0.1";
const ACCEPTED_DATA: &str = "application/json";

/// The encodings that [`Body::decode`] undoes.
pub(super) const ACCEPTED_ENCODINGS: &str = "gzip, br, zstd, deflate";

/// How the network is used: the `[network]` part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The time limit for one whole request, its redirects and its body.
    pub timeout: Duration,
    /// The time limit for one connection to come about.
    pub connect_timeout: Duration,
    /// The size limit for one body, after decompression.
    pub max_body_bytes: u64,
    /// How many requests run at once.
    pub connections: usize,
    /// How many of them go to one host.
    pub connections_per_host: usize,
    /// How the program introduces itself.
    pub user_agent: String,
    /// The proxy for everything; else the environment's.
    pub proxy: Option<String>,
    /// What the environment says about proxies.
    pub environment: Proxies,
    /// A PEM file of certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether a configured address may lie on a private host.
    pub allow_private_hosts: bool,
    /// Whether nothing is asked at all.
    pub offline: bool,
}

/// One question.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The address to ask.
    pub url: Url,
    /// What the server gave at the last good answer.
    pub validators: &'a Validators,
    /// The address that gave the validators: the [`Response::url`] of then. Nowhere else are they
    /// sent. None means `url` itself.
    pub validators_of: Option<Url>,
    /// What is sent to the origin of `url`, and to no other; else what `url` itself holds.
    pub credentials: Option<Credentials>,
}

/// A question for what a feed links to.
#[derive(Clone, Debug)]
pub struct LinkRequest {
    /// The address to ask.
    pub url: Url,
    /// The feed in which the link stands, as it was polled: a link from a public host to a private
    /// one is not followed.
    pub feed: Url,
    /// What is wanted there.
    pub wanted: Wanted,
    /// What is sent as HTTP Basic, over a secure connection or to a private host alone.
    pub credentials: Option<Credentials>,
}

/// What is wanted at a link's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A page; a body that says it is no text is not received.
    Page,
    /// JSON.
    Data,
    /// A feed.
    Feed,
}

/// How a question is asked.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// What is accepted.
    accept: &'static str,
    /// Whether a body of another kind than text is left where it is.
    text_alone: bool,
    /// How far the first hop may reach.
    reaching: Reaching,
}

/// One answer, of any status but a redirect's.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The address that answered, after all redirects.
    pub url: Url,
    /// Where the leading permanent redirects led, if the question met any.
    pub moved: Option<Url>,
    /// Whether the question was conditional.
    pub is_conditional: bool,
    /// The header fields.
    pub headers: Headers,
    /// The body; empty for a status outside 200 to 299.
    pub body: Body,
}

/// What an answer's status means for a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is a body to read.
    Answered,
    /// Nothing has changed (304).
    Unchanged,
    /// Nothing will ever be there again (410).
    Gone,
}

impl Response {
    /// Returns what the status means; one that brings nothing is an error.
    pub fn verdict(&self) -> Result<Verdict, FetchError> {
        match self.status {
            // A part of a document (206) would be stored as the whole.
            200 | 203 => Ok(Verdict::Answered),
            304 if self.is_conditional => Ok(Verdict::Unchanged),
            304 => Err(FetchError::NothingToKeep),
            410 => Ok(Verdict::Gone),
            code => Err(FetchError::Status { code }),
        }
    }

    /// Returns the validators to keep, where `kept` are those that the question carried. They belong
    /// to [`Response::url`], and only count once the body is parsed and stored.
    pub fn validators(&self, kept: &Validators) -> Validators {
        validators_after(self.status, kept, &self.headers)
    }
}

/// The client that all questions share.
///
/// Making one costs nothing: connections, certificates and threads come with the first question. It
/// needs a tokio runtime with time and I/O, current-thread or not. End that one with
/// `shutdown_background`: a plain drop waits for names that are still being looked up.
#[derive(Debug)]
pub struct Client {
    pub(super) settings: Network,
    pub(super) permits: Permits,
    pub(super) transports: Transports,
}

/// That a host is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The status of its answer, whatever it is.
    pub status: u16,
    /// What its clock says.
    pub date: Option<Timestamp>,
}

/// Whether a name leads to private addresses, and to no other.
pub(super) async fn leads_to_private_hosts(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let found = tokio::net::lookup_host((host, 0)).await;
    let mut addresses = found.into_iter().flatten().peekable();
    addresses.peek().is_some() && addresses.all(|address| is_private_address(address.ip()))
}

/// Whether an answer says nothing that tells against its being text.
fn may_be_text(headers: &Headers) -> bool {
    let Some(kind) = headers.get("content-type") else {
        return true;
    };
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || kind.starts_with("text/") || kind.ends_with("xml") || kind.ends_with("html")
}

/// What one hop of a question brought.
enum Hop {
    Answer(Response),
    Redirect {
        status: u16,
        reach: Reach,
        headers: HeaderMap,
    },
}

impl Client {
    /// Makes a client.
    pub fn new(settings: Network) -> Self {
        Self {
            permits: Permits::new(settings.connections, settings.connections_per_host),
            transports: Transports::default(),
            settings,
        }
    }

    /// Asks one conditional GET, following redirects.
    ///
    /// The time limit covers all hops and the body, but not the waiting for others to be done. Each
    /// status but a redirect's is an answer. An error knows the last status, if there was one.
    pub async fn get(&self, request: Request<'_>) -> Result<Response, FetchError> {
        let manner = self.first_reaching(&request.url).map(|reaching| Manner {
            accept: ACCEPTED,
            text_alone: false,
            reaching,
        });
        self.ask(&request, manner?).await
    }

    /// Asks for what a feed links to, as [`Client::get`] does, without validators, and without the
    /// credentials that are written in the address: a relative link inherits its feed's.
    ///
    /// A public feed's link to a private host errs. A feed is private where its address says so, or
    /// where its name leads to private addresses alone.
    pub async fn get_linked(&self, link: &LinkRequest) -> Result<Response, FetchError> {
        let validators = Validators::default();
        let mut url = link.url.clone();
        // Only addresses without a host refuse, and they have no user either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let request = Request {
            url,
            validators: &validators,
            validators_of: None,
            credentials: link.credentials.clone(),
        };
        if request.credentials.is_some() && !may_carry_a_password(&link.url) {
            return Err(FetchError::Unprotected {
                host: host_of(&link.url),
            });
        }
        let manner = |reaching| match link.wanted {
            Wanted::Page => Manner {
                accept: ACCEPTED_PAGES,
                text_alone: true,
                reaching,
            },
            Wanted::Data => Manner {
                accept: ACCEPTED_DATA,
                text_alone: false,
                reaching,
            },
            Wanted::Feed => Manner {
                accept: ACCEPTED,
                text_alone: false,
                reaching,
            },
        };
        if link.feed.scheme() == "file" || is_private_host(&link.feed) {
            return self
                .ask(&request, manner(self.first_reaching(&link.url)?))
                .await;
        }
        let found = if is_private_host(&link.url) {
            Err(FetchError::PrivateHost {
                host: host_of(&link.url),
            })
        } else {
            self.ask(&request, manner(Reaching::PublicAlone)).await
        };
        match found {
            Err(error)
                if error.is_private_host()
                    && self.settings.allow_private_hosts
                    && leads_to_private_hosts(&link.feed).await =>
            {
                self.ask(&request, manner(Reaching::Anywhere)).await
            }
            found => found,
        }
    }

    async fn ask(&self, request: &Request<'_>, manner: Manner) -> Result<Response, FetchError> {
        let mut come = Come::default();
        let found = self.follow(request, manner, &mut come).await;
        found.map_err(|error| error.after(come))
    }

    /// Asks whether a host is there: the head of its root, and nothing behind it. Any answer will do.
    pub async fn greet(&self, url: &Url) -> Result<Greeting, FetchError> {
        if self.settings.offline {
            return Err(FetchError::Offline);
        }
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        // Nobody has to know who is there.
        let _ = root.set_username("");
        let _ = root.set_password(None);
        let reaching = self.first_reaching(&root)?;
        let transport = self.transports.of(&root, reaching, &self.settings)?;
        let host = host_of(&root);
        let question = transport
            .head(root)
            .header(USER_AGENT, &self.settings.user_agent)
            .send();
        let answer = timeout(self.settings.timeout, question).await;
        let attempt = Attempt {
            host: &host,
            connect_timeout: self.settings.connect_timeout,
        };
        let answer = answer
            .map_err(|_| FetchError::Timeout {
                host: host.clone(),
                limit: self.settings.timeout,
            })?
            .map_err(|error| attempt.failed(&error))?;
        Ok(Greeting {
            status: answer.status().as_u16(),
            date: plain(answer.headers()).get("date").and_then(date),
        })
    }

    /// Asks one address after the other until one answers.
    async fn follow(
        &self,
        request: &Request<'_>,
        manner: Manner,
        come: &mut Come,
    ) -> Result<Response, FetchError> {
        if self.settings.offline {
            return Err(FetchError::Offline);
        }
        if !matches!(request.url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme {
                scheme: request.url.scheme().to_owned(),
            });
        }
        let mut trail = Trail::new(&request.url);
        let mut manner = manner;
        // Cookies are credentials: an origin gets its own alone, whatever domain they name.
        let mut cookies: HashMap<Origin, Jar> = HashMap::new();
        let mut left = self.settings.timeout;
        loop {
            let url = trail.at();
            let cookies_of = cookies.get(&url.origin());
            let headers = self.question(request, url, manner.accept, cookies_of);
            let Some(permit) = self.permits.wait_for(url).await else {
                return Err(FetchError::Offline);
            };
            let began = Instant::now();
            let hop = timeout(left, self.hop(url, headers, manner, come)).await;
            left = left.saturating_sub(began.elapsed());
            let hop = hop.map_err(|_| FetchError::Timeout {
                host: host_of(url),
                limit: self.settings.timeout,
            })?;
            match hop? {
                Hop::Answer(mut response) => {
                    response.body.keep(permit.into_share());
                    return Ok(Response {
                        moved: trail.moved().cloned(),
                        ..response
                    });
                }
                Hop::Redirect {
                    status,
                    reach,
                    headers,
                } => {
                    drop(permit);
                    let mut set = headers.get_all(SET_COOKIE).iter().peekable();
                    if set.peek().is_some() {
                        if cookies.is_empty() {
                            trail.forget_visits();
                        }
                        let own = cookies.entry(trail.at().origin()).or_default();
                        own.set_cookies(&mut set, trail.at());
                    }
                    let location = headers.get("location").map(HeaderValue::as_bytes);
                    trail.follow(status, reach, location)?;
                    if reach == Reach::Public {
                        manner.reaching = Reaching::PublicAlone;
                    }
                }
            }
        }
    }

    /// Returns how far the first hop may reach: where the user configured it, unless private hosts
    /// are not allowed at all.
    pub(super) fn first_reaching(&self, url: &Url) -> Result<Reaching, FetchError> {
        if self.settings.allow_private_hosts {
            return Ok(Reaching::Anywhere);
        }
        if is_private_host(url) {
            return Err(FetchError::PrivateHost { host: host_of(url) });
        }
        Ok(Reaching::PublicAlone)
    }

    /// Returns the header fields of one hop.
    fn question(
        &self,
        request: &Request<'_>,
        url: &Url,
        accept: &'static str,
        cookies: Option<&Jar>,
    ) -> HeaderMap {
        let mut fields = HeaderMap::with_capacity(8);
        let mut add = |name: HeaderName, value: Option<HeaderValue>| {
            if let Some(value) = value {
                fields.insert(name, value);
            }
        };
        add(
            USER_AGENT,
            HeaderValue::from_str(&self.settings.user_agent).ok(),
        );
        add(ACCEPT, Some(HeaderValue::from_static(accept)));
        add(
            ACCEPT_ENCODING,
            Some(HeaderValue::from_static(ACCEPTED_ENCODINGS)),
        );
        let owner = request.validators_of.as_ref().unwrap_or(&request.url);
        if is_same_resource(owner, url) {
            let bytes = |value: &Option<Vec<u8>>| {
                value
                    .as_deref()
                    .and_then(|value| HeaderValue::from_bytes(value).ok())
            };
            add(IF_NONE_MATCH, bytes(&request.validators.etag));
            add(IF_MODIFIED_SINCE, bytes(&request.validators.last_modified));
        }
        if url.origin() == request.url.origin() {
            let written = || Credentials::written_in(&request.url);
            let credentials = request.credentials.clone().or_else(written);
            add(AUTHORIZATION, credentials.and_then(|them| them.header()));
        }
        add(COOKIE, cookies.and_then(|jar| jar.cookies(url)));
        fields
    }

    /// Asks one address, without following it anywhere.
    async fn hop(
        &self,
        url: &Url,
        headers: HeaderMap,
        manner: Manner,
        come: &mut Come,
    ) -> Result<Hop, FetchError> {
        let transport = self.transports.of(url, manner.reaching, &self.settings)?;
        let host = host_of(url);
        let attempt = Attempt {
            host: &host,
            connect_timeout: self.settings.connect_timeout,
        };
        let is_conditional =
            headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE);
        let mut question = reqwest::Request::new(reqwest::Method::GET, url.clone());
        *question.headers_mut() = headers;
        let again = question.try_clone();
        let mut answer = match (transport.execute(question).await, again) {
            // A connection that had been used before ended while nobody looked.
            (Err(error), Some(again))
                if error.is_request()
                    && !error.is_connect()
                    && self.transports.answered.contains(&host) =>
            {
                transport.execute(again).await
            }
            (answer, _) => answer,
        }
        .map_err(|error| attempt.failed(&error))?;
        self.transports.answered.add(&host);
        let status = answer.status().as_u16();
        come.status = Some(status);
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            let reach = self.transports.reach(url);
            let headers = std::mem::take(answer.headers_mut());
            return Ok(Hop::Redirect {
                status,
                reach,
                headers,
            });
        }
        let headers = plain(answer.headers());
        let is_wanted = !manner.text_alone || may_be_text(&headers);
        if (200..300).contains(&status) && !is_wanted {
            return Err(FetchError::NoPage);
        }
        let body = if (200..300).contains(&status) {
            self.body(&mut answer, &headers, &mut come.received).await?
        } else {
            // A page that explains a refusal is left where it is, however slow it would be.
            Body::default()
        };
        Ok(Hop::Answer(Response {
            status,
            url: url.clone(),
            moved: None,
            is_conditional,
            headers,
            body,
        }))
    }

    /// Receives a body in full, as far as it may go.
    pub(super) async fn body(
        &self,
        answer: &mut reqwest::Response,
        headers: &Headers,
        received: &mut u64,
    ) -> Result<Body, FetchError> {
        let encodings = Encodings::of(headers);
        let limit = self.settings.max_body_bytes;
        let most = encodings.most_received(limit);
        let announced = answer.content_length().unwrap_or(0);
        if announced > most {
            return Err(FetchError::TooLarge { limit });
        }
        // The server may announce more than it sends: room for it all is made step by step.
        let mut bytes = Vec::with_capacity(usize::try_from(announced.min(1 << 20)).unwrap_or(0));
        loop {
            let chunk = answer.chunk().await;
            let Some(chunk) = chunk.map_err(|_| FetchError::Truncated {
                received: *received,
            })?
            else {
                return Ok(Body::new(bytes, encodings));
            };
            *received = received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if *received > most {
                return Err(FetchError::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
    }
}

/// Returns header fields as plain values.
pub(super) fn plain(headers: &HeaderMap) -> Headers {
    Headers::new(
        headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())),
    )
}

/// Whether two addresses are one but for what is not sent.
fn is_same_resource(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path() == other.path() && one.query() == other.query()
}

/// Returns the host of an address for an error.
pub(super) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
