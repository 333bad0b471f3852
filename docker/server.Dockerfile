# The server: the distribution as the build makes it, and a JRE. Build from the root of the repository:
#   docker build -f docker/server.Dockerfile -t qgjob-server .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 mvn -q -B package -pl ear -am -DskipTests

FROM eclipse-temurin:17-jre
RUN useradd --system --home-dir /var/lib/qgjob --create-home qgjob
COPY --from=build --chown=root:root /src/ear/target/server /opt/qgjob
RUN chmod -R a+rX /opt/qgjob
USER qgjob
VOLUME /var/lib/qgjob
EXPOSE 8080 61616
# a server that is busy all day: both compilers, and more memory than the demo's
ENV QGJOB_JAVA_OPTS="-Xms256m -Xmx1g"
HEALTHCHECK --interval=5s --start-period=90s CMD ["/opt/qgjob/bin/qgjob-server", "status", "--home", "/var/lib/qgjob/server"]
# exec'ed, so that SIGTERM reaches the server itself
ENTRYPOINT ["/opt/qgjob/bin/qgjob-server", "start", "--home", "/var/lib/qgjob/server", "--bind", "0.0.0.0"]
