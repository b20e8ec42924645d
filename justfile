# Lists what there is.
default:
    @just --list --unsorted

# Everything that has to hold before a change goes in; what CI runs.
check:
    .ci/run

# Runs the tests, or those whose name has WORD in it.
test WORD="":
    cargo test {{ WORD }}

# Format, lints and licences (the last needs cargo-deny).
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo deny check licenses bans sources

# Breaks RUNS cases of NAME (feed, html, query, headers or dates) at random and tries them.
fuzz NAME RUNS="10000" SEED="1":
    cargo run --release --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --bin mutate -- {{ NAME }} --runs {{ RUNS }} --seed {{ SEED }}

# Runs the benchmarks, or those whose name has WORD in it.
bench WORD="":
    cargo bench --benches -- {{ WORD }}
