# Everything that CI runs
ci:
    bash .ci/run

# Tests
test:
    cargo test

# Formatting, lints, documentation
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

# Known answers with many replications, in release mode
oracles:
    cargo test --release --test oracles --test reference_scenarios

# Both engines on 10,000 generated systems, in release mode; some minutes
stories:
    cargo test --release --test same_story -- --ignored --nocapture

# How often intervals hold the truth, 2,000 seeds each; some minutes
coverage:
    cargo test --release --test coverage --test comparisons -- --ignored --nocapture

# Speed of the engine against a plain loop
bench:
    cargo bench --bench engine --bench network --bench load

# Licences, sources and bans of dependencies
deny:
    cargo deny check bans licenses sources

# The flagship's pictures, for README and docs/plots.md
gallery:
    rm -rf target/gallery outputs/gallery/*.svg
    cargo run --release -- plot scenarios/me-central-1.ron --out target/gallery
    cp target/gallery/*.svg outputs/gallery/
    cargo run --release -- graph scenarios/me-central-1.ron --out outputs/gallery/graph.svg
    cargo run --release -- map scenarios/red-sea.ron --out outputs/gallery/map.svg
    cargo run --release -- trace scenarios/me-central-1.ron --pick worst --of down:api:gulf --plot outputs/gallery/trace-worst.svg > target/gallery/trace-worst.txt
    cargo run --release -- rank scenarios/me-central-1.ron --plot outputs/gallery/rank.svg > target/gallery/rank.txt
    cargo run --release -- compare scenarios/me-central-1-designs.ron --plot outputs/gallery/compare.svg > target/gallery/compare.txt

# Pictures of zero, one and very many journeys, light and dark: full and half size in target/contact-sheet, all on one sheet
contact-sheet:
    cargo test --test readable -- --ignored

# Rewrite snapshots after a change that is meant to show
snapshots:
    INSTA_UPDATE=always cargo test
