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
