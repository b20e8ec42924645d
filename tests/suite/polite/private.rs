//! Promise 3: nobody public leads to a private host. Most tests here run in a network of their own,
//! where addresses that are public by their number are this machine's, and names lead where
//! `/etc/hosts` says; where the system has no such networks they are skipped, and say so.

use std::net::{IpAddr, Ipv4Addr};
use std::process::Command;

use serde_json::Value;

use super::{feed, force, refresh, subscribed};
use crate::support::env::TestEnv;
use crate::support::server::{Answer, FakeServer};

/// Tells a test that it runs in a network of its own.
const INSIDE: &str = "GAZETTE_TEST_OWN_NETWORK";
/// Two addresses that are public by their number.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
const ALSO_PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 2);
/// A private one that is not loopback.
const PRIVATE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 9);
/// What the names in this network lead to.
const HOSTS: &str = "127.0.0.1 localhost\n203.0.113.1 public.example\n203.0.113.2 also.example\n\
     10.0.0.9 private.example\n10.0.0.9 both.example\n203.0.113.2 both.example\n";

/// Runs a check in a network of its own: this very test once more, by its name.
#[track_caller]
fn in_a_network_of_its_own(test: &str, check: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return check();
    }
    let env = TestEnv::new();
    env.write("hosts", HOSTS);
    let script = format!(
        "ip link set lo up && ip address add {PUBLIC}/32 dev lo \
         && ip address add {ALSO_PUBLIC}/32 dev lo && ip address add {PRIVATE}/32 dev lo \
         && mount --bind \"$1\" /etc/hosts && echo ready && shift && exec \"$@\""
    );
    let this = std::env::current_exe().expect("a test knows its program");
    let ran = Command::new("unshare")
        .args([
            "--map-root-user",
            "--net",
            "--mount",
            "sh",
            "-c",
            &script,
            "sh",
        ])
        .arg(env.path("hosts"))
        .arg(this)
        .args([
            "--exact",
            &format!("polite::private::{test}"),
            "--nocapture",
        ])
        .env(INSIDE, "1")
        .output();
    let out = match &ran {
        Ok(ran) => String::from_utf8_lossy(&ran.stdout),
        Err(_) => "".into(),
    };
    if !out.starts_with("ready") {
        eprintln!("skipped: this system gives a test no network of its own");
        return;
    }
    assert!(out.contains("1 passed"), "{ran:?}");
}

/// A feed at a host that leads to an address.
fn leading(host: &str, status: u16, to: String) -> (FakeServer, TestEnv) {
    let address: IpAddr = match host {
        "private.example" => PRIVATE.into(),
        _ => PUBLIC.into(),
    };
    let server = FakeServer::start_at(address);
    server.answer("/feed", Answer::redirect(status, to));
    let url = at(host, &server);
    (server, TestEnv::with_feeds(&[&url]))
}

/// The address of a server's feed under another name.
fn at(host: &str, server: &FakeServer) -> String {
    format!("http://{host}:{}/feed", server.address().port())
}

/// Checks that a feed of a public host is refused where it leads, before anyone there is asked.
#[track_caller]
fn check_refused(line: &Value, private: &FakeServer) {
    assert_eq!(line["status"], "failed", "{line}");
    let error = line["error"].as_str().expect("an error");
    assert!(error.contains("private"), "{error}");
    assert_eq!(private.most_connections(), 0);
}

#[test]
fn a_public_host_leads_to_no_private_address() {
    in_a_network_of_its_own("a_public_host_leads_to_no_private_address", || {
        for (address, host) in [
            (Ipv4Addr::LOCALHOST, "127.0.0.1"),
            (Ipv4Addr::LOCALHOST, "localhost"),
            (Ipv4Addr::LOCALHOST, "2130706433"),
            (Ipv4Addr::LOCALHOST, "[::ffff:127.0.0.1]"),
            (PRIVATE, "10.0.0.9"),
            (PRIVATE, "private.example"),
        ] {
            let private = FakeServer::start_at(address);
            private.answer("/feed", Answer::ok(feed("secret")));
            for (public, status) in [("203.0.113.1", 302), ("public.example", 301)] {
                let (_server, env) = leading(public, status, at(host, &private));
                for line in [refresh(&env), force(&env)] {
                    check_refused(&line, &private);
                    assert_eq!(line["url"], line["feed"]);
                }
            }
        }
    });
}

#[test]
fn a_name_that_leads_to_both_is_asked_at_its_public_address_alone() {
    in_a_network_of_its_own(
        "a_name_that_leads_to_both_is_asked_at_its_public_address_alone",
        || {
            let private = FakeServer::start_at(PRIVATE);
            let (_server, env) = leading("public.example", 302, at("both.example", &private));
            // Nobody listens there at the public address.
            assert_eq!(refresh(&env)["status"], "failed");
            assert_eq!(private.most_connections(), 0);
            let public = FakeServer::start_at(ALSO_PUBLIC);
            public.answer("/feed", Answer::ok(feed("a")));
            let (_server, env) = leading("public.example", 302, at("both.example", &public));
            assert_eq!(refresh(&env)["status"], "new");
        },
    );
}

/// A program that asks through a proxy, with one feed at this address.
fn behind(proxy: &FakeServer, network: &str, url: &str) -> TestEnv {
    let env = TestEnv::new();
    env.configure(&format!(
        "[network]\nproxy = \"http://{}\"\n{network}\n[[sections]]\nname = \"News\"\n\
         [[sections.feeds]]\nurl = \"{url}\"\n",
        proxy.address()
    ));
    env
}

#[test]
fn behind_a_proxy_what_is_written_in_the_address_alone_tells() {
    for (host, status) in [
        ("127.0.0.1", "failed"),
        ("localhost", "failed"),
        ("feeds.localhost", "failed"),
        ("[::1]", "failed"),
        ("10.0.0.9", "failed"),
        ("private.example", "new"),
    ] {
        let proxy = FakeServer::start();
        let to = format!("http://{host}/feed");
        proxy.answer("http://public.example/feed", Answer::redirect(302, &*to));
        proxy.answer(&to, Answer::ok(feed("a")));
        let env = behind(&proxy, "", "http://public.example/feed");
        assert_eq!(refresh(&env)["status"], status, "{host}");
        let asked = proxy.asked_for(&to).len();
        assert_eq!(asked, usize::from(status == "new"), "{host}");
        // What the user configured is asked there, too, unless that is forbidden.
        let env = behind(&proxy, "", &to);
        assert_eq!(refresh(&env)["status"], "new", "{host}");
        let env = behind(&proxy, "allow_private_hosts = false", &to);
        assert_eq!(refresh(&env)["status"], status, "{host}");
    }
}

#[test]
fn once_public_a_chain_stays_public() {
    in_a_network_of_its_own("once_public_a_chain_stays_public", || {
        let private = FakeServer::start_at(PRIVATE);
        for last in ["10.0.0.9", "private.example"] {
            let public = FakeServer::start_at(PUBLIC);
            public.answer("/feed", Answer::redirect(302, at(last, &private)));
            let also = FakeServer::start_at(ALSO_PUBLIC);
            also.answer(
                "/feed",
                Answer::redirect(302, at("public.example", &public)),
            );
            let (_server, env) = leading("private.example", 302, at("also.example", &also));
            check_refused(&refresh(&env), &private);
        }
    });
}

#[test]
fn what_the_user_configured_may_be_private_and_lead_anywhere() {
    in_a_network_of_its_own(
        "what_the_user_configured_may_be_private_and_lead_anywhere",
        || {
            let last = FakeServer::start_at(PRIVATE);
            last.answer("/feed", Answer::ok(feed("a")));
            assert_eq!(refresh(&subscribed(&last))["status"], "new");
            for host in ["10.0.0.9", "private.example"] {
                let (_server, env) = leading("private.example", 302, at(host, &last));
                assert_eq!(refresh(&env)["status"], "new", "{host}");
            }
            let public = FakeServer::start_at(ALSO_PUBLIC);
            public.answer("/feed", Answer::ok(feed("a")));
            for home in ["private.example", "public.example"] {
                let (_server, env) = leading(home, 301, at("also.example", &public));
                assert_eq!(refresh(&env)["status"], "moved", "{home}");
                // Its new place is where the user's own word led.
                assert_eq!(force(&env)["status"], "unchanged", "{home}");
            }
        },
    );
}

#[test]
fn without_private_hosts_only_public_ones_are_asked() {
    in_a_network_of_its_own("without_private_hosts_only_public_ones_are_asked", || {
        for (host, address) in [
            ("10.0.0.9", PRIVATE),
            ("private.example", PRIVATE),
            ("127.0.0.1", Ipv4Addr::LOCALHOST),
            ("localhost", Ipv4Addr::LOCALHOST),
            ("public.example", PUBLIC),
        ] {
            let server = FakeServer::start_at(address);
            server.answer("/feed", Answer::ok(feed("a")));
            let env = TestEnv::new();
            env.configure(&format!(
                "[network]\nallow_private_hosts = false\n[[sections]]\nname = \"News\"\n\
                 [[sections.feeds]]\nurl = \"{}\"\n",
                at(host, &server)
            ));
            let line = refresh(&env);
            if address == PUBLIC {
                assert_eq!(line["status"], "new");
            } else {
                check_refused(&line, &server);
            }
        }
    });
}
