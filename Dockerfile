# The server's image: docker build -t eggypro .
# `docker run` starts the server. Other commands of the program: docker run --rm eggypro check-env

# The minimum version for the locked crates, and the `rust-version` in Cargo.toml.
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-slim-bookworm AS chef
# Debian's stable release updates packages for security only, so no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpq-dev \
 && rm -rf /var/lib/apt/lists/*
RUN cargo install --locked --version 0.1.78 cargo-chef
WORKDIR /source

# The recipe lists the dependencies without the sources. The layer that builds them stays cached until a manifest or
# Cargo.lock changes.
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /source/recipe.json recipe.json
# With another package or profile than below, everything would be built twice.
RUN cargo chef cook --release --locked --package eggypro-server --recipe-path recipe.json
COPY . .
RUN cargo build --release --locked --package eggypro-server

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="EggyPro" \
      org.opencontainers.image.description="The product backend of a shop for egg-protein foods" \
      org.opencontainers.image.source="https://github.com/eggypro/backend" \
      org.opencontainers.image.licenses="MIT"
# libpq for PostgreSQL, certificates for calls to Cloudinary.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libpq5 \
 && rm -rf /var/lib/apt/lists/* \
 # A fixed user id for volumes and Kubernetes.
 && groupadd --gid 10001 eggypro \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/eggypro --shell /usr/sbin/nologin eggypro \
 # A new volume takes its owner from here. Production stores nothing in it.
 && install --directory --owner eggypro --group eggypro --mode 750 /var/lib/eggypro
COPY --from=builder /source/target/release/eggypro /usr/local/bin/eggypro

ENV APP_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    EGGYPRO_DATA_DIR=/var/lib/eggypro
USER 10001:10001
WORKDIR /var/lib/eggypro
EXPOSE 8080
STOPSIGNAL SIGTERM
# The command checks `ready`, which depends on the database. Docker only shows the state. A tool that restarts unhealthy
# containers would also restart this one while the database is unavailable.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/eggypro", "health"]
# In the exec form, signals reach the server and not a shell.
ENTRYPOINT ["/usr/local/bin/eggypro"]
CMD ["serve"]
