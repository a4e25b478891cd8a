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

# The flagship's pictures, and others of each kind that it does not have, for README and docs/
gallery:
    rm -rf target/gallery target/gallery-load outputs/gallery/*.svg
    cargo run --release -- plot scenarios/me-central-1.ron --out target/gallery
    cp target/gallery/*.svg outputs/gallery/
    cargo run --release -- plot scenarios/me-central-1-load.ron -n 2000 --out target/gallery-load
    cp target/gallery-load/headroom.svg outputs/gallery/
    cargo run --release -- graph scenarios/me-central-1.ron --out outputs/gallery/graph.svg
    cargo run --release -- map scenarios/red-sea.ron --out outputs/gallery/map.svg
    cargo run --release -- trace scenarios/me-central-1.ron --pick worst --of down:api:gulf --plot outputs/gallery/trace-worst.svg > target/gallery/trace-worst.txt
    cargo run --release -- trace scenarios/claude-2026-03-02.ron --replication 17 --plot outputs/gallery/trace-overload.svg > target/gallery/trace-overload.txt
    cargo run --release -- trace scenarios/me-central-1.ron --map outputs/gallery/trace-map.svg --at 2026-03-02T06:30:00Z > target/gallery/trace-map.txt
    cargo run --release -- rank scenarios/me-central-1.ron --plot outputs/gallery/rank.svg > target/gallery/rank.txt
    cargo run --release -- compare scenarios/me-central-1-designs.ron --plot outputs/gallery/compare.svg > target/gallery/compare.txt
    cargo run --release -- compare scenarios/tutorial/11-cost.ron --pareto outputs/gallery/pareto.svg > target/gallery/pareto.txt
    cargo run --release -- sweep scenarios/me-central-1.ron --vary "users.gulf.failover.detect=1m..15m by 2m" --meets api:gulf=99.8% -n 4000 --plot outputs/gallery/sweep.svg > target/gallery/sweep.txt
    cargo run --release -- sweep scenarios/tutorial/05-storm-and-crew.ron --vary "zone_kinds.hall.needs.0.holdover=[24h, 48h, 72h]" --vary "crews.'line crew'.size=1..3 by 1" -n 2000 --plot outputs/gallery/sweep-map.svg > target/gallery/sweep-map.txt

# Pictures of zero, one and very many journeys, light and dark: full and half size in target/contact-sheet, all on one sheet
contact-sheet:
    cargo test --test readable -- --ignored

# Rewrite snapshots after a change that is meant to show
snapshots:
    INSTA_UPDATE=always cargo test
