# syntax=docker/dockerfile:1

# The program and its libraries in a few files of JavaScript: they are there in half the time, and no thread holds what strips types.
FROM node:26.13.1-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-update-notifier
COPY .ci/bundle.ts ./.ci/bundle.ts
COPY src ./src
RUN npm run build

FROM node:26.13.1-slim
LABEL org.opencontainers.image.title="Meridian" \
      org.opencontainers.image.description="A global load-balancing reverse proxy: one YAML, three clouds, and clients that notice nothing" \
      org.opencontainers.image.licenses="Apache-2.0"
# The default topology takes its addresses from these: inside a container, loopback reaches nobody. The C library gives memory back that
# a start needed and nothing needs afterwards (docs/sizing.md).
ENV NODE_ENV=production \
    MALLOC_TRIM_THRESHOLD_=131072 \
    MERIDIAN_LISTEN=0.0.0.0:8080 \
    MERIDIAN_ADMIN_LISTEN=0.0.0.0:9901
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY --from=build /app/dist ./dist
# The topology that runs when none is mounted in its place.
COPY config/meridian.yaml /etc/meridian/meridian.yaml

# Nothing is written: run it with a read-only file system. Ports above 1024, so no privilege is needed either.
USER node
EXPOSE 8080 9901
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "/app/dist/main.js", "healthcheck"]
# Without the flag a SIGUSR1 before main.js runs would open the inspector.
ENTRYPOINT ["node", "--disable-sigusr1", "/app/dist/main.js"]
CMD ["start", "-c", "/etc/meridian/meridian.yaml"]
