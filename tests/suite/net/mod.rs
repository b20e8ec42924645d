//! HTTP against a real server: what was asked, and what became of the answers.

pub mod bodies;
mod failures;
mod limits;
mod posts;
mod questions;
mod redirects;
mod tls;

use std::future::Future;
use std::time::Duration;

use gazette::model::feed::Validators;
use gazette::net::{Client, FetchError, Network, Proxies, Request, Response};
use url::Url;

/// The settings that tests begin with: no proxy whatever the environment says, and time limits that
/// no healthy test meets.
pub fn network() -> Network {
    Network {
        timeout: Duration::from_secs(30),
        connect_timeout: Duration::from_secs(10),
        max_body_bytes: 1 << 20,
        connections: 32,
        connections_per_host: 4,
        user_agent: "gazette/test".to_owned(),
        proxy: None,
        environment: Proxies::default(),
        ca_file: None,
        allow_private_hosts: true,
        offline: false,
    }
}

/// Runs to its end what waits for the network.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Makes an address.
pub fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Asks one address without validators.
pub async fn ask(client: &Client, address: &str) -> Result<Response, FetchError> {
    let validators = Validators::default();
    let request = Request {
        url: url(address),
        validators: &validators,
        validators_of: None,
        credentials: None,
    };
    client.get(request).await
}

/// Asks one address with a client of its own.
pub fn get(settings: Network, address: &str) -> Result<Response, FetchError> {
    run(ask(&Client::new(settings), address)).map_err(FetchError::into_cause)
}

/// Asks one address and decodes what came.
pub fn text(address: &str) -> Result<String, FetchError> {
    let body = get(network(), address)?.body.decode(1 << 20)?;
    Ok(String::from_utf8(body).unwrap())
}
