#!/usr/bin/env bash
# Makes stand-ins for the Dockerfile's two bases on a machine without a registry of images: Debian by debootstrap, from
# where this machine's own apt takes its packages, and for the first of them this machine's JDK 25 and Maven.
#   bases.sh STORAGE_OPTIONS… : the options of buildah
set -euo pipefail

buildah() { command buildah "$@"; }
work=$1
shift
storage=("$@")

debian=$work/debian
if [ ! -e "$debian.done" ]; then
  rm -rf "$debian"
  release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mirror=$(apt-cache policy apt | sed -n "s,^ *[0-9]* \(http[^ ]*\) $release/main .*,\1,p" | head -n 1)
  echo "Debian $release into $debian" >&2
  debootstrap --variant=minbase --include=ca-certificates "$release" "$debian" "$mirror" > "$work/debootstrap.log"
  rm -rf "$debian"/var/cache/apt/archives/*.deb "$debian"/var/lib/apt/lists/*
  touch "$debian.done"
fi

container=$(buildah "${storage[@]}" from scratch)
buildah "${storage[@]}" add --quiet "$container" "$debian" / > /dev/null
buildah "${storage[@]}" commit --quiet "$container" rag-check-runtime > /dev/null

jdk=$(find /usr/lib/jvm "${JAVA25_HOME:-/usr/lib/jvm}" -maxdepth 1 -name '*25*' -type d | head -n 1)
maven=$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")
tools=$work/tools
rm -rf "$tools"
mkdir -p "$tools/opt/java" "$tools/usr/local/bin" "$tools/etc/apt/sources.list.d" "$tools/etc/apt/keyrings"
cp -rL "$jdk" "$tools/opt/java/openjdk"
cp -rL "$maven" "$tools/opt/maven"
printf '#!/bin/sh\nexec /opt/maven/bin/mvn "$@"\n' > "$tools/usr/local/bin/mvn"
chmod 755 "$tools/usr/local/bin/mvn"
cp /etc/apt/sources.list.d/debian.sources "$tools/etc/apt/sources.list.d/" 2> /dev/null \
  || cp /etc/apt/sources.list "$tools/etc/apt/sources.list"
buildah "${storage[@]}" add --quiet "$container" "$tools" / > /dev/null
buildah "${storage[@]}" config --env JAVA_HOME=/opt/java/openjdk \
  --env PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
buildah "${storage[@]}" commit --quiet "$container" rag-check-build > /dev/null
buildah "${storage[@]}" rm "$container" > /dev/null
rm -rf "$tools"
