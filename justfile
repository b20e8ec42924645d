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

# Runs the benchmarks, or those whose name has WORD in it.
bench WORD="":
    cargo bench --benches -- {{ WORD }}

# Runs broken documents through a target: feed, html, query, headers or dates. ARGS: --seed N,
# --runs N, --seconds N, or the files of a find.
fuzz NAME *ARGS:
    cargo run --locked --release --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --bin mutate -- {{ NAME }} {{ ARGS }}
