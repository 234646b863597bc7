# The server's image: docker build -t eggypro .
# `docker run` serves; any other command of the program takes its place: docker run --rm eggypro check-env

# The locked crates need this at least, and so does `rust-version` in Cargo.toml.
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-slim-bookworm AS chef
# Debian's stable release changes a package for security only, so its version is left to it.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpq-dev \
 && rm -rf /var/lib/apt/lists/*
RUN cargo install --locked --version 0.1.78 cargo-chef
WORKDIR /source

# What the dependencies are, apart from the sources: it stays the same, and with it the layer that builds them, until a
# manifest or Cargo.lock changes.
FROM chef AS planner
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM chef AS builder
COPY --from=planner /source/recipe.json recipe.json
# The same package and profile as below, or everything would be built twice.
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
 # A fixed number, which volumes and Kubernetes can name.
 && groupadd --gid 10001 eggypro \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/eggypro --shell /usr/sbin/nologin eggypro \
 # A new volume takes its owner from here. Production keeps nothing in it.
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
# It asks `ready`, which depends on the database. Docker itself only shows the state; what restarts a container that is
# not healthy would restart it whenever the database is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/eggypro", "health"]
# In the exec form, so that signals reach the server and no shell.
ENTRYPOINT ["/usr/local/bin/eggypro"]
CMD ["serve"]
