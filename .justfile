# All that must hold before anything lands.
ci:
    .ci/run

# Every test.
test:
    cargo test

# Approve changed outputs one by one (needs cargo-insta).
review:
    cargo insta review

# Write the generated schemas and approve every changed output: read the difference before committing it.
bless:
    GONOGO_BLESS=1 cargo test --test schemas
    INSTA_UPDATE=always cargo test

# The static binary that the image has, built and run where there is nothing else.
static:
    .ci/static
# A cold `eval` beside an empty process and jq.
cold:
    cargo bench --bench cold

# Ratios beside the cel crate.
bench:
    cargo bench --bench conditions

# A thousand fixture tests, and some of them beside promtool.
suites:
    cargo bench --bench suite

# cel-spec's simple tests, file by file: `just conformance PATH` of a file as the test's head describes it.
conformance path:
    GONOGO_CEL_SPEC={{path}} cargo test --test all -- conformance --nocapture

# Generated expressions that check, on values that fit: none may raise an error of type.
soundness cases="400000":
    GONOGO_SOUNDNESS_CASES={{cases}} cargo test --release --test all -- soundness --nocapture

# Every diagnostic has a page, and what the pages show as wrong and right is run.
pages:
    cargo test --test all -- pages --nocapture

# Generated expressions in this engine and in the cel crate's; more of them: `just differential 200000`.
differential cases="20000":
    GONOGO_DIFFERENTIAL_CASES={{cases}} cargo test --release --test all -- expr_differential --nocapture

# Fuzz every target for so many seconds (needs cargo-fuzz); prints the executions of each.
fuzz seconds="60":
    fuzz/run {{seconds}}
