# Postgres, Valkey, Kafka, localstripe and the mailbox, for where no other image can be had; and what fills Postgres and Kafka:
# docker build -f k8s/images/backends.Dockerfile -t mercato/backends .        docker run mercato/backends valkey
# Kafka's jars are taken from k8s/images/provided/jars, and downloaded where they are not there; their checksums are locked.
ARG BASE=python:3.13-slim

FROM ${BASE} AS builder
# Wheels carry debugging symbols, a quarter of all bytes. Where strip can't be had the image is only larger.
RUN command -v strip || { apt-get -q update && apt-get -q install -y --no-install-recommends binutils; } || echo "no strip here"
COPY k8s/images/install-packages /build/

# What the chassis needs: one and the same layer in the images of all subgraphs and of the backends, built and pulled once.
FROM builder AS chassis
COPY requirements/images/chassis.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip /build/install-packages /opt/chassis /build/chassis.txt

FROM chassis AS packages
COPY requirements/images/backends.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip /build/install-packages /opt/packages /build/backends.txt /opt/chassis

# Of subgraphs what their manifests say, and nothing of their code.
FROM ${BASE} AS manifests
COPY supergraph.yaml /manifests/
COPY subgraphs /manifests/subgraphs
RUN find /manifests/subgraphs -type f ! -name subgraph.yaml -delete

FROM packages AS source
WORKDIR /app
COPY --from=manifests /manifests /app
COPY tilt/embedded tilt/embedded
# Of the chassis the modules that read addresses in settings and what is typed.
COPY shared/__init__.py shared/
COPY shared/runtime/__init__.py shared/runtime/addresses.py shared/runtime/arguments.py shared/runtime/
COPY schema/events schema/events
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash .

# With what Java learns of Kafka's classes in a first run, each start takes half the time.
FROM source AS kafka
ENV PATH=/opt/packages/bin:/opt/chassis/bin:$PATH MERCATO_JARS_DIR=/opt/kafka
COPY tilt/embedded/kafka/jgo.lock.toml k8s/images/provided/jar[s] /opt/kafka/
RUN python -m tilt.embedded.kafka.jars && python -m tilt.embedded.kafka.training && rm /opt/kafka/jgo.lock.toml

FROM ${BASE} AS runtime
# initdb asks who it is run by.
RUN python3 -m pip uninstall --quiet --yes pip \
    && echo 'mercato:x:10001:10001::/app:/usr/sbin/nologin' >> /etc/passwd && echo 'mercato:x:10001:' >> /etc/group \
    && mkdir /data && chown 10001:10001 /data
COPY --from=chassis /opt/chassis /opt/chassis
COPY --from=packages /opt/packages /opt/packages
COPY --from=kafka /opt/kafka /opt/kafka
COPY --from=source /app /app
ENV PATH=/opt/packages/bin:/opt/chassis/bin:$PATH PYTHONUNBUFFERED=1 MERCATO_JARS_DIR=/opt/kafka
WORKDIR /app
USER 10001:10001
VOLUME /data
ENTRYPOINT ["dumb-init", "--", "python", "-m", "tilt.embedded.backends"]
CMD ["--help"]

ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="mercato/backends" \
      org.opencontainers.image.description="Postgres, Valkey, Kafka, localstripe and a mailbox for Mercato where no other image can be had" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="${LICENSES}"
