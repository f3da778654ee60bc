# One image a subgraph: docker build -f k8s/images/subgraph.Dockerfile --build-arg SUBGRAPH=orders -t mercato/orders .
# BASE is any image with Python 3.11 or later as `python3`, and pip. `--target development` restarts when a file changes.
# Without a target it is for customers; what `--target demonstration` builds can fill a demonstration shop, too.
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
ARG SUBGRAPH
COPY requirements/images/${SUBGRAPH}.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip /build/install-packages /opt/packages /build/${SUBGRAPH}.txt /opt/chassis

# What watches files: an environment that finds those of the subgraph and of the chassis, though it is the same in all images.
FROM chassis AS reload
COPY requirements/images/reload.txt /build/
RUN --mount=type=cache,target=/root/.cache/pip /build/install-packages /opt/reload /build/reload.txt /opt/chassis \
    && cd /opt/reload/lib/python3*/site-packages && sed 's:/opt/chassis:/opt/packages:' below.pth > above.pth

# The subgraph, the chassis, and of contracts those that the subgraph imports.
FROM ${BASE} AS source
WORKDIR /app
COPY schema/proto schema/proto
COPY shared shared
COPY subgraphs/__init__.py subgraphs/
ARG SUBGRAPH
COPY schema/${SUBGRAPH}.graphql schema/
COPY subgraphs/${SUBGRAPH} subgraphs/${SUBGRAPH}
RUN for each in schema/proto/mercato/*; do \
        grep -rqF "schema.proto.mercato.$(basename $each)." subgraphs || rm -r $each; \
    done

# Nobody changes these files in the image, so nobody need compare them with their bytecode.
FROM source AS compiled
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash .

# The demonstration shop: its catalogue, its stock and what draws its pictures.
FROM ${BASE} AS shop
WORKDIR /app
COPY seeds seeds
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash .

# Somebody changes these: bytecode counts as long as its source is the same, whatever its time.
FROM source AS editable
COPY seeds seeds
COPY tilt/preloading.py tilt/reload.py tilt/
RUN python3 -m compileall -q -j 0 --invalidation-mode checked-hash .

# What is the same in all images comes first, and is built once.
FROM ${BASE} AS prepared
RUN python3 -m pip uninstall --quiet --yes pip \
    && echo 'mercato:x:10001:10001::/app:/usr/sbin/nologin' >> /etc/passwd && echo 'mercato:x:10001:' >> /etc/group
COPY --from=chassis /opt/chassis /opt/chassis
COPY k8s/images/healthy.py /opt/
ENV PATH=/opt/packages/bin:/opt/chassis/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
EXPOSE 8080 8081 9090
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "/opt/healthy.py"]

# `tilt.reload` imports the packages once, and forks the subgraph again whenever a file below /app changes.
FROM prepared AS watching
COPY --from=reload /opt/reload /opt/reload
ENV PATH=/opt/reload/bin:$PATH
RUN chown 10001:10001 /app
USER 10001:10001
ENTRYPOINT ["dumb-init", "--", "sh", "-c", "exec python -m tilt.reload $SUBGRAPH \"$@\"", "--"]

# The name comes after what differs: buildah takes an ENV of an argument for the same, whatever the argument is.
FROM watching AS development
COPY --from=packages /opt/packages /opt/packages
COPY --from=editable --chown=10001:10001 /app /app
ARG SUBGRAPH
ENV SUBGRAPH=${SUBGRAPH}

FROM prepared AS runtime
COPY --from=packages /opt/packages /opt/packages
COPY --from=compiled /app /app
ARG SUBGRAPH
ENV SUBGRAPH=${SUBGRAPH}
USER 10001:10001
ENTRYPOINT ["dumb-init", "--", "sh", "-c", "exec python -m subgraphs.$SUBGRAPH \"$@\"", "--"]
ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="mercato/${SUBGRAPH}" \
      org.opencontainers.image.description="The subgraph ${SUBGRAPH} of Mercato: serve, work and migrate" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="${LICENSES}"

FROM runtime AS demonstration
COPY --from=shop /app/seeds /app/seeds

# Last, so that nobody gets another one by leaving the target out.
FROM runtime AS production
