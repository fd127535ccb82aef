#!/usr/bin/env bash
# Trains a cache, and measures starts with it and without, and with two collectors: mvn -Pstart.
#   start.sh DIRECTORY ROUNDS : where the packaged program is
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1 rounds=$2

java=${JAVA25_HOME:-/none}/bin/java
for candidate in "${JAVA_HOME:-/none}/bin/java" /usr/lib/jvm/*25*/bin/java; do
  if ! "$java" -version 2>&1 | grep -q '"25'; then java=$candidate; fi
done
jar=$(find "$target" -maxdepth 1 -name 'rag-processor-*.jar' | head -n 1)
run() {
  "$java" -cp "$jar:$target/lib/*" --add-modules jdk.httpserver "src/test/java/dev/ragprocessor/image/$1.java" \
    src/samples/library "${@:2}"
}

cache=$target/start.aot
[ "$cache" -nt "$jar" ] || run TrainingRun "$cache" "$java" -XX:+UseSerialGC -jar "$jar"
run StartTimes "$rounds" \
  "-XX:+UseSerialGC" \
  "-XX:+UseSerialGC -XX:AOTCache=$cache" \
  "-XX:+UseG1GC" \
  "-XX:+UseG1GC -XX:AOTCache=$cache" \
  -- "$java" @options -Xmx800m -jar "$jar"
