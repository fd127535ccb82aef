# The service as an image: a Java runtime with the modules it needs, its jars, and a cache that lets it start fast.
# README, "On GKE"; what is in it and why, and how it was measured: src/docs/gke.md.
#
# Both bases can be replaced, and should be pinned by digest where images are built for production:
#   --build-arg RUNTIME_IMAGE=debian:12.12-slim@sha256:…
# The first needs a JDK 25, Maven and apt (Debian or Ubuntu); the second nothing but glibc, and no shell.
ARG BUILD_IMAGE=maven:3.9.11-eclipse-temurin-25
ARG RUNTIME_IMAGE=debian:12.12-slim
# What jdeps finds (the build checks it), and jdk.charsets, which nothing names: texts come in any encoding.
ARG MODULES=java.base,java.desktop,java.naming,java.net.http,java.scripting,java.security.jgss,java.sql,java.xml.crypto,jdk.charsets,jdk.jfr,jdk.management,jdk.unsupported
# Of every file that is made here, so that the same sources make the same layers; the cache holds it against the jars'.
ARG SOURCE_DATE_EPOCH=1767225600

# The Java runtime. It changes with the JDK, hardly ever with the code.
FROM ${BUILD_IMAGE} AS runtime
ARG MODULES
ARG SOURCE_DATE_EPOCH
RUN jlink --add-modules "$MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages \
      --generate-cds-archive --output /opt/runtime \
 && find /opt/runtime -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

# The jars: those of others first, since the code changes more often.
FROM ${BUILD_IMAGE} AS build
WORKDIR /build
ARG MODULES
ARG SOURCE_DATE_EPOCH
COPY pom.xml .
RUN mvn -B -ntp -q -Dlocal-model.scope=provided \
      dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/app/lib \
 && mvn -B -ntp -q -Dlocal-model.scope=provided cyclonedx:makeBom \
 && mv target/bom.json /app/sbom.cdx.json \
 && find /app -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
COPY src/main src/main
RUN mvn -B -ntp -q -Dlocal-model.scope=provided -Dmaven.test.skip=true -Dmdep.skip=true package \
 && mv target/rag-processor-*.jar /app/rag-processor.jar \
 && touch --date="@$SOURCE_DATE_EPOCH" /app/rag-processor.jar /app
RUN needed=$(jdeps --ignore-missing-deps --multi-release 25 --print-module-deps --recursive \
      --class-path '/app/lib/*' /app/rag-processor.jar) \
 && listed=$(echo "$MODULES" | sed 's/,jdk.charsets//') \
 && if [ "$needed" != "$listed" ]; then echo "MODULES must be jdk.charsets and $needed" >&2; exit 1; fi

# The cache of loaded and linked classes, from one run through everything: migration, events, questions, end. Bucket and
# model are the tests' stand-ins, the database is the tests' private PostgreSQL with pgvector, which is installed here
# for that. Of all this nothing but the cache goes into the image.
FROM build AS train
COPY --from=runtime /opt/runtime /opt/runtime
COPY src/samples/library src/samples/library
COPY src/test/java src/test/java
RUN java -cp '/app/rag-processor.jar:/app/lib/*' --add-modules jdk.httpserver \
      src/test/java/dev/ragprocessor/image/TrainingRun.java src/samples/library /app/rag-processor.aot \
      /opt/runtime/bin/java -XX:+UseSerialGC -jar /app/rag-processor.jar

FROM ${RUNTIME_IMAGE}
COPY --from=runtime /opt/runtime /opt/runtime
COPY --from=build /app/lib /app/lib
COPY --from=build /app/sbom.cdx.json /app/sbom.cdx.json
COPY --from=build /app/rag-processor.jar /app/rag-processor.jar
COPY --from=train /app/rag-processor.aot /app/rag-processor.aot
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rag-processor" \
      org.opencontainers.image.description="Files from a bucket, found by meaning: Eventarc events into PostgreSQL with pgvector." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# By number, so that Kubernetes can see that it is not root. It writes below /tmp only.
USER 65532:65532
ENV HOME=/tmp LANG=C.UTF-8
WORKDIR /tmp
EXPOSE 8080 8081
# No HEALTHCHECK: Kubernetes ignores it and has probes of its own, and it would need a program to ask with.
# The flags by measurement: src/docs/gke.md. More of them come by JDK_JAVA_OPTIONS.
ENTRYPOINT ["/opt/runtime/bin/java", "-XX:AOTCache=/app/rag-processor.aot", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=40", "-XX:+ExitOnOutOfMemoryError", "-jar", "/app/rag-processor.jar"]
CMD ["serve"]
