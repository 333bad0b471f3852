# A worker: JRE, Node and adb. Build from the root of the repository:
#   docker build -f docker/worker.Dockerfile -t qgjob-worker .
# Phones on the host's USB are reached through the host's adb server (ADB_SERVER_SOCKET).
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -pl worker -am -DskipTests

FROM node:20-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-17-jre-headless adb aapt apksigner procps ca-certificates \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --home-dir /var/lib/qgjob --create-home qgjob
COPY --from=build --chown=root:root /src/worker/target/dist /opt/qgjob-worker
RUN chmod -R a+rX /opt/qgjob-worker
USER qgjob
VOLUME /var/lib/qgjob
WORKDIR /var/lib/qgjob
ENTRYPOINT ["/opt/qgjob-worker/bin/qgjob-worker"]
CMD ["--help"]
