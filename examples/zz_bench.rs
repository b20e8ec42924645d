use gazette::model::feed::Validators;
use gazette::net::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let v: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (v[11].parse::<f64>().unwrap() + v[12].parse::<f64>().unwrap()) / 100.0
}
fn main() {
    let mode = std::env::args().nth(1).unwrap();
    let settings = Network {
        timeout: Duration::from_secs(30),
        connect_timeout: Duration::from_secs(10),
        max_body_bytes: 10 << 20,
        connections: 32,
        connections_per_host: 4,
        user_agent: "g".into(),
        proxy: None,
        environment: Proxies::default(),
        ca_file: None,
        allow_private_hosts: true,
        offline: false,
    };
    let t = Instant::now();
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Arc::new(Client::new(settings));
    if mode == "tls" {
        let v = Validators::default();
        let r = rt.block_on(client.get(Request {
            url: "https://127.0.0.1:1/".parse().unwrap(),
            validators: &v,
            validators_of: None,
            credentials: None,
        }));
        println!("tls first: {:?} cpu {} {:?}", t.elapsed(), cpu(), r.err());
        return;
    }
    let v: &'static Validators = Box::leak(Box::new(Validators {
        etag: (mode == "304").then(|| b"\"a\"".to_vec()),
        last_modified: None,
    }));
    for round in 0..3 {
        let t = Instant::now();
        let c0 = cpu();
        let (mut bytes, mut plain) = (0, 0);
        let mut dec = Duration::ZERO;
        rt.block_on(async {
            let mut set = tokio::task::JoinSet::new();
            for i in 0..400 {
                let client = Arc::clone(&client);
                set.spawn(async move {
                    let url = format!("http://127.0.0.{}:18999/{}", 1 + i % 40, i)
                        .parse()
                        .unwrap();
                    client
                        .get(Request {
                            url,
                            validators: v,
                            validators_of: None,
                            credentials: None,
                        })
                        .await
                });
            }
            while let Some(r) = set.join_next().await {
                let r = r.unwrap().unwrap();
                bytes += r.body.received();
                if mode == "decode" {
                    let d = Instant::now();
                    plain += r.body.decode(10 << 20).unwrap().len();
                    dec += d.elapsed();
                }
            }
        });
        println!(
            "round {round}: {:?} cpu {:.2} received {bytes} plain {plain} decode {dec:?}",
            t.elapsed(),
            cpu() - c0
        );
    }
    let m = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", m.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}
