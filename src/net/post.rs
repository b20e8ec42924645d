//! One POST: a comment on its way to its site.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT,
};
use tokio::time::timeout;
use url::Url;

use super::client::{ACCEPTED_ENCODINGS, Client, host_of, leads_to_private_hosts, plain};
use super::credentials::Credentials;
use super::error::{Attempt, FetchError};
use super::guard::Reaching;
use crate::polite::{Headers, is_private_host};

/// What is sent.
#[derive(Clone, Debug)]
pub struct Post {
    /// Where it goes, and nowhere else: no redirect is followed.
    pub url: Url,
    /// The feed in which the article stands, as it was polled: from a public one nothing is sent to
    /// a private host.
    pub feed: Url,
    /// The body.
    pub body: Vec<u8>,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The media types that the answer may have.
    pub accept: &'static str,
    /// What is sent as HTTP Basic, over a secure connection or to a private host alone.
    pub credentials: Option<Credentials>,
}

/// The answer, of any status.
#[derive(Debug)]
pub struct Posted {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The body, as far as it came in full: it explains what the status tells.
    pub body: Vec<u8>,
}

impl Client {
    /// Sends something, once. Cookies are neither sent nor kept.
    ///
    /// An error tells by [`FetchError::is_unsent`] whether the server may have got it.
    pub async fn post(&self, post: &Post) -> Result<Posted, FetchError> {
        if self.settings.offline {
            return Err(FetchError::Offline);
        }
        if !matches!(post.url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme {
                scheme: post.url.scheme().to_owned(),
            });
        }
        if post.credentials.is_some() && !may_carry_a_password(&post.url) {
            return Err(FetchError::Unprotected {
                host: host_of(&post.url),
            });
        }
        let is_private = post.feed.scheme() == "file" || is_private_host(&post.feed);
        if is_private {
            return self.send(post, self.first_reaching(&post.url)?).await;
        }
        let sent = if is_private_host(&post.url) {
            Err(FetchError::PrivateHost {
                host: host_of(&post.url),
            })
        } else {
            self.send(post, Reaching::PublicAlone).await
        };
        match sent {
            // Nothing was sent then.
            Err(error)
                if error.is_private_host()
                    && self.settings.allow_private_hosts
                    && leads_to_private_hosts(&post.feed).await =>
            {
                self.send(post, Reaching::Anywhere).await
            }
            sent => sent,
        }
    }

    async fn send(&self, post: &Post, reaching: Reaching) -> Result<Posted, FetchError> {
        let transport = self.transports.of(&post.url, reaching, &self.settings)?;
        let host = host_of(&post.url);
        let attempt = Attempt {
            host: &host,
            connect_timeout: self.settings.connect_timeout,
        };
        let Some(_permit) = self.permits.wait_for(&post.url).await else {
            return Err(FetchError::Offline);
        };
        let mut question = reqwest::Request::new(reqwest::Method::POST, post.url.clone());
        *question.headers_mut() = self.fields(post);
        *question.body_mut() = Some(post.body.clone().into());
        let limit: Duration = self.settings.timeout;
        // It is never sent a second time, whatever became of the first.
        let answer = timeout(limit, transport.execute(question)).await;
        let mut answer = answer
            .map_err(|_| FetchError::Timeout {
                host: host.clone(),
                limit,
            })?
            .map_err(|error| attempt.failed(&error))?;
        let headers = plain(answer.headers());
        let mut received = 0;
        // The status has been told; a body that is cut short takes nothing of it back.
        let body = timeout(limit, self.body(&mut answer, &headers, &mut received)).await;
        let body = body.ok().and_then(Result::ok);
        let body = body.and_then(|body| body.decode(self.settings.max_body_bytes).ok());
        Ok(Posted {
            status: answer.status().as_u16(),
            headers,
            body: body.unwrap_or_default(),
        })
    }

    fn fields(&self, post: &Post) -> HeaderMap {
        let mut fields = HeaderMap::with_capacity(5);
        let agent = HeaderValue::from_str(&self.settings.user_agent);
        let credentials = post.credentials.as_ref().and_then(Credentials::header);
        fields.extend(agent.ok().map(|agent| (USER_AGENT, agent)));
        fields.extend(credentials.map(|credentials| (AUTHORIZATION, credentials)));
        fields.insert(ACCEPT, HeaderValue::from_static(post.accept));
        fields.insert(
            ACCEPT_ENCODING,
            HeaderValue::from_static(ACCEPTED_ENCODINGS),
        );
        fields.insert(CONTENT_TYPE, HeaderValue::from_static(post.content_type));
        fields
    }
}

/// Whether a password may be sent there: nobody reads along, or the host is one's own.
pub(super) fn may_carry_a_password(url: &Url) -> bool {
    url.scheme() == "https" || is_private_host(url)
}
