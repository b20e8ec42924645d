//! Sends a comment of the reader's own to its site, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::super::refresh::{AskError, credentials, settings};
use super::super::{Connection, Parts, Stop, pipeline};
use super::ask::content_type;
use super::read::{origin, permalink};
use crate::config::CommentAccount;
use crate::model::comment::{
    CommentId, Draft, DraftId, DraftState, Receipt, Refusal, SiteFacts, ThreadFacts, Why,
};
use crate::model::error::Problem;
use crate::model::text::SafeText;
use crate::net::{Client, Credentials, FetchError, LinkRequest, Post, Response, Wanted};
use crate::platform;
use crate::store::{Store, StoreError, Turn};
use crate::threads::{self, answer, form, links, rest};
use crate::{extract, html};

/// The least time between two comments to one site: WordPress refuses what comes sooner than 15
/// seconds after the last. One more, as both keep whole seconds.
pub(super) const BETWEEN: SignedDuration = SignedDuration::from_secs(16);

/// How often one that waits looks whether its turn has come, or it should stop.
const LOOK: Duration = Duration::from_millis(50);

/// What came of sending a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The site answered, or its answer was lost: the comment is no draft any more.
    Settled(DraftState),
    /// Nothing was sent, for this reason: the comment waits.
    Unsent(SafeText),
    /// It is not to be sent: it was thrown away, nobody said that it may be, or another process
    /// sends it.
    Nothing,
}

/// What came of sending what waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentAll {
    /// What became of each that was sent, in order.
    pub sent: Vec<(Draft, DraftState)>,
    /// How many still wait, and why the first of them does.
    pub waiting: usize,
    /// Why the first of those couldn't be sent.
    pub why: Option<SafeText>,
}

/// A comment that is ready to be sent.
struct Letter {
    draft: Draft,
    permalink: Url,
    feed: Url,
    facts: ThreadFacts,
    site: SiteFacts,
    account: Option<CommentAccount>,
}

/// Sends every comment that waits and whose site can be reached, at most one a site in 15 seconds,
/// until all are sent or `stop` says so; `on_sent` hears of each. Offline they wait on.
pub fn send_waiting(
    parts: &Parts<'_>,
    store: &mut Store,
    stop: Stop<'_>,
    on_sent: &mut dyn FnMut(),
) -> Result<SentAll, Problem> {
    let mut all = SentAll::default();
    let mut left = store.waiting_drafts()?;
    let mut unreachable: Vec<String> = Vec::new();
    while parts.connection == Connection::Online && !left.is_empty() && !stop() {
        let mut later = Vec::new();
        let mut next: Option<Timestamp> = None;
        for draft in std::mem::take(&mut left) {
            let site = site_of(store, &draft)?;
            if unreachable.contains(&site) || stop() {
                all.waiting += 1;
                continue;
            }
            match send_in_turn(parts, store, draft.id, BETWEEN, stop)? {
                Attempt::TooSoon(due) => {
                    later.push(draft);
                    next = Some(next.map_or(due, |next| next.min(due)));
                }
                Attempt::Done(Sent::Settled(state)) => {
                    all.sent.push((draft, state));
                    on_sent();
                }
                Attempt::Done(Sent::Unsent(why)) => {
                    all.waiting += 1;
                    all.why.get_or_insert(why);
                    unreachable.push(site);
                }
                Attempt::Done(Sent::Nothing) => {}
            }
        }
        left = later;
        if let Some(due) = next {
            wait_until(parts, due, stop);
        }
    }
    all.waiting += left.len();
    Ok(all)
}

/// Returns the origin of the site that a comment goes to; empty where it has none.
fn site_of(store: &mut Store, draft: &Draft) -> Result<String, StoreError> {
    let article = store.commented(draft.article)?;
    let permalink = article.as_ref().and_then(permalink);
    Ok(permalink.as_ref().map(origin).unwrap_or_default())
}

/// Sends one comment that the reader said may be sent, now, whenever the last one went to its site.
///
/// It is on its way on the disk before anything is sent, and is never sent again by itself once it
/// may have reached the site.
pub fn send(
    parts: &Parts<'_>,
    store: &mut Store,
    id: DraftId,
    stop: Stop<'_>,
) -> Result<Sent, Problem> {
    match send_in_turn(parts, store, id, SignedDuration::ZERO, stop)? {
        Attempt::Done(sent) => Ok(sent),
        Attempt::TooSoon(_) => Ok(Sent::Nothing),
    }
}

/// Waits for a moment to come, or for `stop`. Nobody is asked meanwhile, the cache neither.
fn wait_until(parts: &Parts<'_>, due: Timestamp, stop: Stop<'_>) {
    // A clock that is set back meanwhile makes it no longer.
    let wait = Duration::try_from(due.duration_since((parts.clock)())).unwrap_or_default();
    let began = Instant::now();
    while began.elapsed() < wait && !stop() {
        std::thread::park_timeout(LOOK);
    }
}

/// Sends one comment that the reader said may be sent once its turn has come: at most one a site in 15
/// seconds. Where `stop` says so before that, it waits on.
pub fn send_in_its_turn(
    parts: &Parts<'_>,
    store: &mut Store,
    id: DraftId,
    stop: Stop<'_>,
) -> Result<Sent, Problem> {
    loop {
        match send_in_turn(parts, store, id, BETWEEN, stop)? {
            Attempt::Done(sent) => return Ok(sent),
            Attempt::TooSoon(due) => wait_until(parts, due, stop),
        }
        if stop() {
            return Ok(Sent::Unsent(SafeText::line("it was stopped")));
        }
    }
}

/// What came of trying to send a comment.
enum Attempt {
    /// This.
    Done(Sent),
    /// Nothing: the last one went to the site too short a while ago, and its turn comes at this time.
    TooSoon(Timestamp),
}

/// Sends a comment where the last one went to its site so long ago or longer.
fn send_in_turn(
    parts: &Parts<'_>,
    store: &mut Store,
    id: DraftId,
    distance: SignedDuration,
    stop: Stop<'_>,
) -> Result<Attempt, Problem> {
    let done = |sent| Ok(Attempt::Done(sent));
    let waits = |draft: &Draft| draft.state == DraftState::Waiting;
    let Some(draft) = store.draft(id)?.filter(waits) else {
        return done(Sent::Nothing);
    };
    let letter = match letter(parts, store, draft)? {
        Ok(letter) => letter,
        Err(refusal) => {
            let state = DraftState::Refused(refusal);
            let is_changed = settle(parts, store, id, &state, &DraftState::Waiting)?;
            return done(if is_changed {
                Sent::Settled(state)
            } else {
                Sent::Nothing
            });
        }
    };
    if parts.connection == Connection::Offline {
        return done(Sent::Unsent(SafeText::line("offline")));
    }
    let site = origin(&letter.permalink);
    let now = (parts.clock)();
    let before = now.checked_sub(distance).unwrap_or(now);
    let last = match store.take_turn(&site, now, before)? {
        Turn::Taken { last } => last,
        Turn::After(last) => {
            let due = last.checked_add(distance).unwrap_or(last);
            return Ok(Attempt::TooSoon(due));
        }
    };
    if !settle(parts, store, id, &DraftState::Sending, &DraftState::Waiting)? {
        store.give_turn_back(&site, last)?;
        return done(Sent::Nothing);
    }
    let is_lost = letter.draft.is_lost;
    let outcome = match on_its_way(parts, &letter, stop) {
        // It had come the last time already.
        Outcome::Answered(DraftState::Refused(refusal))
            if is_lost && refusal.why == Why::Duplicate =>
        {
            Outcome::Answered(found_again(parts, store, &letter, stop)?)
        }
        outcome => outcome,
    };
    let state = match &outcome {
        Outcome::Answered(state) => state.clone(),
        Outcome::Unsent(_) => DraftState::Waiting,
    };
    settle(parts, store, id, &state, &DraftState::Sending)?;
    let host = SafeText::line(&site);
    tracing::info!(site = host.as_str(), state = word(&state), "comment sent");
    match outcome {
        Outcome::Answered(state) => {
            // The site counts from when the comment came, and the page before it may have taken a
            // while.
            let now = (parts.clock)();
            store.take_turn(&site, now, now)?;
            done(Sent::Settled(state))
        }
        Outcome::Unsent(why) => {
            store.give_turn_back(&site, last)?;
            done(Sent::Unsent(SafeText::line(&why)))
        }
    }
}

/// Returns what became of a comment that its site has already: published where the site shows it,
/// else a moderator has yet to approve of it.
fn found_again(
    parts: &Parts<'_>,
    store: &mut Store,
    letter: &Letter,
    stop: Stop<'_>,
) -> Result<DraftState, Problem> {
    let draft = &letter.draft;
    // Where the thread can't be read it is as if the site didn't show it.
    if let Err(problem) = super::fetch(parts, store, draft.article, stop) {
        tracing::info!(what = %problem.what, "the thread of a comment was not read");
    }
    let (said, name) = (letters(&draft.words.text), letters(&draft.words.name));
    let shown = store.comments(draft.article)?.into_iter().find(|comment| {
        // An account has a name of its own.
        let is_named = letter.account.is_some() || letters(&comment.author) == name;
        is_named && letters(&comment.html) == said
    });
    Ok(match shown {
        Some(comment) => DraftState::Published(Receipt {
            id: Some(comment.id),
            url: comment.url,
        }),
        None => DraftState::Held(Receipt::default()),
    })
}

/// Returns the letters and digits of a text: a site sets its own quotation marks and dashes, and
/// takes out some markup.
pub(super) fn letters(text: &str) -> String {
    let plain = html::plain_text(text).replace('×', "x");
    let letters: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() {
        return plain.split_whitespace().collect();
    }
    letters
}

/// Takes a comment from one state to another; returns whether it was in the first.
fn settle(
    parts: &Parts<'_>,
    store: &mut Store,
    id: DraftId,
    to: &DraftState,
    from: &DraftState,
) -> Result<bool, StoreError> {
    store.change_draft(id, to, (parts.clock)(), |draft| draft.state == *from)
}

/// Returns a state's name, for logs and scripts.
pub fn word(state: &DraftState) -> &'static str {
    match state {
        DraftState::Draft => "draft",
        DraftState::Waiting => "waiting",
        DraftState::Sending => "sending",
        DraftState::Published(_) => "published",
        DraftState::Held(_) => "held",
        DraftState::Refused(_) => "refused",
        DraftState::Unknown => "unknown",
    }
}

/// Puts together what is needed to send a comment; what can't be sent at all is refused.
fn letter(
    parts: &Parts<'_>,
    store: &mut Store,
    draft: Draft,
) -> Result<Result<Letter, Refusal>, StoreError> {
    let refused = |why, words: &str| {
        Ok(Err(Refusal {
            why,
            words: words.to_owned(),
        }))
    };
    let Some(article) = store.commented(draft.article)? else {
        return refused(Why::Other, "the article is no longer stored");
    };
    if draft.words.text.trim().is_empty() {
        return refused(Why::Invalid, "the comment has no text");
    }
    if draft
        .reply_to
        .as_ref()
        .is_some_and(|id| id.number().is_none())
    {
        return refused(
            Why::Other,
            "replies to this comment can’t be sent; open the page",
        );
    }
    let address = |text: &str| Url::parse(text).ok();
    let (Some(permalink), Some(feed)) = (permalink(&article), address(&article.feed)) else {
        return refused(Why::Other, "the article has no web address");
    };
    let site = store.site_facts(&origin(&permalink))?;
    let facts = store.thread_state(draft.article)?.unwrap_or_default().facts;
    let is_of_site = |account: &&CommentAccount| {
        address(&account.site).is_some_and(|site| site.origin() == permalink.origin())
    };
    let account = parts
        .config
        .comments
        .accounts
        .iter()
        .find(is_of_site)
        .cloned();
    Ok(Ok(Letter {
        draft,
        permalink,
        feed,
        facts,
        site,
        account,
    }))
}

/// How the sending ended.
#[derive(Debug)]
enum Outcome {
    Answered(DraftState),
    Unsent(String),
}

impl From<FetchError> for Outcome {
    fn from(error: FetchError) -> Self {
        Self::Unsent(error.to_string())
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        Self::Answered(DraftState::Refused(refusal))
    }
}

impl Outcome {
    fn refused(why: Why, words: impl Into<String>) -> Self {
        Self::from(Refusal {
            why,
            words: words.into(),
        })
    }
}

/// Sends a letter on a thread of its own, until it is answered or `stop` says so.
fn on_its_way(parts: &Parts<'_>, letter: &Letter, stop: Stop<'_>) -> Outcome {
    let settings = settings(parts);
    let is_out = Arc::new(AtomicBool::new(false));
    let carrier = Carrier {
        max_body_bytes: settings.max_body_bytes,
        password_limit: settings.timeout,
        client: Client::new(settings),
        is_out: Arc::clone(&is_out),
    };
    let mut came = None;
    pipeline::run(
        1,
        |answers, cancelled| {
            let carrying = async {
                let outcome = carrier.carry(letter).await;
                let outcome = outcome.unwrap_or_else(|outcome| outcome);
                // Nobody listens any more where it was stopped.
                let _ = answers.send(outcome).await;
            };
            if let Err(error) = pipeline::run_async(carrying, cancelled) {
                tracing::error!(%error, "the system gave no means to send a comment");
            }
        },
        |outcome: Outcome| outcome,
        stop,
        &mut |outcome| came = Some(outcome),
    );
    match came {
        Some(outcome) => outcome,
        None if is_out.load(Ordering::Acquire) => Outcome::Answered(DraftState::Unknown),
        None => Outcome::Unsent("it was stopped".to_owned()),
    }
}

/// Brings a letter to its site.
struct Carrier {
    client: Client,
    max_body_bytes: u64,
    password_limit: Duration,
    /// Whether anything may have reached the site.
    is_out: Arc<AtomicBool>,
}

/// An article's page as it is now.
struct Page {
    html: String,
    url: Url,
    links: Vec<links::HeaderLink>,
}

impl Carrier {
    /// Sends through the page's form, or with an account through the interface.
    async fn carry(&self, letter: &Letter) -> Result<Outcome, Outcome> {
        match &letter.account {
            Some(account) => self.through_interface(letter, account).await,
            None => self.through_form(letter).await,
        }
    }

    async fn through_form(&self, letter: &Letter) -> Result<Outcome, Outcome> {
        let page = self.page(letter).await?;
        let form = form::form(&page.html, &page.url)
            .map_err(|none| Outcome::refused(none.why, none.words))?;
        let reply_to = letter.draft.reply_to.as_ref().and_then(CommentId::number);
        let fields = form.fill(&letter.draft.words, reply_to);
        let posted = self
            .post(Post {
                url: form.action.clone(),
                feed: letter.feed.clone(),
                body: form::encode(&fields),
                content_type: "application/x-www-form-urlencoded",
                accept: "text/html, */*;q=0.1",
                credentials: None,
            })
            .await?;
        let location = posted.headers.get("location").map(String::from_utf8_lossy);
        let kind = content_type(&posted.headers);
        let body = extract::decode(&posted.body, kind.as_deref());
        let fate = answer::of_form(posted.status, location.as_deref(), &body, &page.url);
        Ok(Outcome::Answered(fate.into()))
    }

    async fn through_interface(
        &self,
        letter: &Letter,
        account: &CommentAccount,
    ) -> Result<Outcome, Outcome> {
        let credentials = self.credentials(account).await?;
        let (root, number) = self.interface(letter).await?;
        let who = LinkRequest {
            url: rest::route(&root, "wp/v2/users/me", &[("_fields", "id,name")]),
            feed: letter.feed.clone(),
            wanted: Wanted::Data,
            credentials: Some(credentials.clone()),
        };
        let known = self.client.get_linked(&who).await?;
        match known.status {
            200 => {
                let body = known.body.decode(self.max_body_bytes)?;
                // Something else may answer in the place of the interface.
                answer::who(&body).map_err(|_| Outcome::refused(Why::Password, ""))?;
            }
            401 | 403 => return Err(Outcome::refused(Why::Password, "")),
            code => return Err(FetchError::Status { code }.into()),
        }
        let draft = &letter.draft;
        let parent = draft.reply_to.as_ref().and_then(CommentId::number);
        let posted = self
            .post(Post {
                url: rest::route(&root, "wp/v2/comments", &[]),
                feed: letter.feed.clone(),
                body: rest::new_comment(number, parent, &draft.words.text),
                content_type: "application/json",
                accept: "application/json",
                credentials: Some(credentials),
            })
            .await?;
        let fate = answer::of_rest(posted.status, &posted.body);
        Ok(Outcome::Answered(fate.into()))
    }

    /// Sends what is to be sent. From here on nobody knows its fate until an answer is there.
    async fn post(&self, post: Post) -> Result<crate::net::Posted, Outcome> {
        self.is_out.store(true, Ordering::Release);
        self.client.post(&post).await.map_err(|error| {
            if error.is_unsent() {
                self.is_out.store(false, Ordering::Release);
                return Outcome::from(error);
            }
            tracing::warn!(%error, "the answer to a comment was lost");
            Outcome::Answered(DraftState::Unknown)
        })
    }

    /// Asks for the article's page, which must be at the article's site.
    async fn page(&self, letter: &Letter) -> Result<Page, Outcome> {
        let link = LinkRequest {
            url: letter.permalink.clone(),
            feed: letter.feed.clone(),
            wanted: Wanted::Page,
            credentials: None,
        };
        let Response {
            status,
            url,
            headers,
            body,
            ..
        } = self.client.get_linked(&link).await?;
        match status {
            200 | 203 => {}
            404 | 410 => {
                return Err(Outcome::refused(Why::Other, "the article’s page is gone"));
            }
            code => return Err(FetchError::Status { code }.into()),
        }
        if !is_same_site(&url, &letter.permalink) {
            let words = "the article’s page has moved to another site; open the page";
            return Err(Outcome::refused(Why::Other, words));
        }
        let links = links::header_links(headers.get_all("link"), &url);
        let body = body.decode(self.max_body_bytes)?;
        let kind = content_type(&headers);
        Ok(Page {
            html: extract::decode(&body, kind.as_deref()),
            url,
            links,
        })
    }

    /// Returns the root of the interface and the number of the article's post.
    async fn interface(&self, letter: &Letter) -> Result<(Url, u64), Outcome> {
        let known = letter
            .site
            .rest_root
            .as_deref()
            .and_then(|root| Url::parse(root).ok());
        if let (Some(root), Some(post)) = (known, letter.facts.post)
            && root.origin() == letter.permalink.origin()
        {
            return Ok((root, post));
        }
        let page = self.page(letter).await?;
        let told = threads::page(&page.html, &page.url);
        let root = links::rest_root(&page.links).cloned().or(told.rest_root);
        let post = links::post(&page.links).or(told.post);
        match (root, post) {
            (Some(root), Some(post)) if root.origin() == page.url.origin() => Ok((root, post)),
            _ => Err(Outcome::refused(
                Why::Other,
                "the site has no interface that takes an account’s comments",
            )),
        }
    }

    async fn credentials(&self, account: &CommentAccount) -> Result<Credentials, Outcome> {
        let username = account.username.clone();
        let unsent = |why: String| Outcome::Unsent(why);
        if let Some(file) = &account.password_file {
            let password = platform::read_secret(file)
                .map_err(|error| unsent(format!("`password_file` {}: {error}", file.display())))?;
            return Ok(Credentials { username, password });
        }
        let command = account.password_command.clone().unwrap_or_default();
        let found = credentials(username, &command, self.password_limit).await;
        found.map_err(|error: AskError| unsent(error.to_string()))
    }
}

/// Whether two addresses are at one site: one host, over the same or a safer scheme.
fn is_same_site(found: &Url, asked: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    let ports = || found.port_or_known_default() == asked.port_or_known_default();
    bare(found) == bare(asked)
        && match (asked.scheme(), found.scheme()) {
            (one, other) if one == other => ports(),
            ("http", "https") => asked.port().is_none() && found.port().is_none(),
            _ => false,
        }
}
