//! Which proxy an address is asked through.

use reqwest::{ClientBuilder, NoProxy, Proxy};

use super::error::FetchError;

/// What the environment says about proxies. Empty: there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http:` addresses.
    pub http: Option<String>,
    /// For `https:` addresses.
    pub https: Option<String>,
    /// Hosts that are asked directly, as in `NO_PROXY`.
    pub not_for: Option<String>,
}

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, or their lower-case names,
    /// through `variable`.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            variable(name)
                .or_else(|| variable(&name.to_ascii_lowercase()))
                .filter(|value| !value.is_empty())
        };
        let all = either("ALL_PROXY");
        Self {
            http: either("HTTP_PROXY").or_else(|| all.clone()),
            https: either("HTTPS_PROXY").or(all),
            not_for: either("NO_PROXY"),
        }
    }

    /// Whether any of these proxies is itself spoken to over TLS.
    pub(super) fn any_over_tls(&self) -> bool {
        [&self.http, &self.https]
            .into_iter()
            .flatten()
            .any(|proxy| is_over_tls(proxy))
    }
}

/// Whether a proxy is itself spoken to over TLS.
pub(super) fn is_over_tls(proxy: &str) -> bool {
    proxy
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"))
}

/// Adds the configured proxy, or else those of the environment; reqwest's own reading of the
/// environment is off.
pub(super) fn add_to(
    builder: ClientBuilder,
    configured: Option<&str>,
    environment: &Proxies,
) -> Result<ClientBuilder, FetchError> {
    let builder = builder.no_proxy();
    if let Some(proxy) = configured {
        let proxy = Proxy::all(proxy).map_err(|_| FetchError::Proxy)?;
        return Ok(builder.proxy(proxy));
    }
    let found = [
        environment.http.as_deref().map(Proxy::http),
        environment.https.as_deref().map(Proxy::https),
    ];
    let not_for = environment
        .not_for
        .as_deref()
        .and_then(NoProxy::from_string);
    // A variable that makes no sense is ignored, as everybody does.
    Ok(found
        .into_iter()
        .flatten()
        .flatten()
        .map(|proxy| proxy.no_proxy(not_for.clone()))
        .fold(builder, ClientBuilder::proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], http: Option<&str>, https: Option<&str>) {
        let found = Proxies::from_variables(|name| {
            let mut known = variables.iter().filter(|(known, _)| *known == name);
            known.next().map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(found.http.as_deref(), http, "{variables:?}");
        assert_eq!(found.https.as_deref(), https, "{variables:?}");
    }

    #[test]
    fn the_environment_names_proxies_for_each_scheme() {
        check(&[], None, None);
        check(&[("HTTP_PROXY", "http://a:1")], Some("http://a:1"), None);
        check(&[("https_proxy", "http://a:1")], None, Some("http://a:1"));
        check(
            &[("ALL_PROXY", "socks5://a:1"), ("HTTPS_PROXY", "http://b:2")],
            Some("socks5://a:1"),
            Some("http://b:2"),
        );
        check(&[("HTTP_PROXY", "")], None, None);
    }
}
