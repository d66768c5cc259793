# The static binary and nothing else. `.ci/static` builds the same binary and tests it; nothing tests the image.
#   docker build -t gonogo .
#   docker run --rm -v "$PWD:/work:ro" gonogo eval -p policies/checkout -s snapshots
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# No C is compiled: the linker of the image and the target's own C library are enough.
RUN rustup target add "$(uname -m)-unknown-linux-musl"
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY docs docs
COPY benches benches
RUN cargo build --release --locked --target "$(uname -m)-unknown-linux-musl" \
    && install -D "target/$(uname -m)-unknown-linux-musl/release/gonogo" /image/gonogo \
    && install -d -m 1777 /image/tmp \
    && install -d /image/work

FROM scratch
# With a folder for temporary files: what comes through a pipe is kept there while it is judged.
COPY --from=build /image /
WORKDIR /work
# Nobody: what is mounted must be readable for all.
USER 65532:65532
ENTRYPOINT ["/gonogo"]
