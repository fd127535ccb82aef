#!/usr/bin/env bash
# Builds the image where there is no Docker engine, looks at what is in it, and lets it serve: mvn -Pimage. It takes
# buildah and debootstrap (Debian's packages, installed when missing) and root.
#   check.sh DIRECTORY : where bases, layers and the unpacked image go; kept for the next time
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mkdir -p "$1" && cd "$1" && pwd)

[ "$(id -u)" = 0 ] || { echo "The image is built as root here; with Docker: docker build ." >&2; exit 2; }
if ! command -v buildah > /dev/null || ! command -v debootstrap > /dev/null; then
  apt-get --quiet update
  DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends \
    --option=DPkg::Lock::Timeout=300 install buildah debootstrap
fi
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
fail() { echo "FAILED: $1" >&2; exit 1; }

buildah "${storage[@]}" inspect --type image rag-check-build > /dev/null 2>&1 \
  || bash src/image/bases.sh "$work" "${storage[@]}"
# The local repository is lent, so that a build on this machine fetches nothing twice.
mkdir -p "$HOME/.m2/repository"
buildah "${storage[@]}" bud --isolation chroot --layers --pull-never \
  --volume "$HOME/.m2/repository:/root/.m2/repository" \
  --build-arg BUILD_IMAGE=localhost/rag-check-build --build-arg RUNTIME_IMAGE=localhost/rag-check-runtime \
  --build-arg REVISION="$(git rev-parse HEAD 2> /dev/null || echo unknown)" --tag rag-processor:check .

echo "== what it says of itself"
json=$(buildah "${storage[@]}" inspect --type image rag-processor:check)
one() { python3 -c "import json,sys; print(json.dumps(json.load(sys.stdin)['OCIv1']['config'].get('$1')))" <<< "$json"; }
for key in User Entrypoint Cmd Env ExposedPorts Labels; do echo "$key: $(one $key)"; done
user=$(one User | tr -d '"')
[ "$user" = 65532:65532 ] || fail "its user is $user"
mapfile -t entrypoint < <(one Entrypoint | python3 -c "import json,sys; print('\n'.join(json.load(sys.stdin)))")

echo "== its layers, the lowest first"
rm -rf "$work/layers"
buildah "${storage[@]}" push --quiet rag-processor:check "dir:$work/layers" > /dev/null
python3 -c "
import json, os, sys, tarfile
folder = sys.argv[1]
manifest = json.load(open(folder + '/manifest.json'))
for layer in manifest['layers']:
    name = folder + '/' + layer['digest'].split(':')[1]
    with tarfile.open(name) as tar:
        members = [m for m in tar]
    deepest = max((m.name for m in members if m.isfile()), key=len, default='')
    size = sum(m.size for m in members)
    print('%7.1f MiB packed %7.1f MiB unpacked %6d files  such as %s'
          % (os.path.getsize(name) / 2**20, size / 2**20, len(members), deepest[:70]))
" "$work/layers"

echo "== its files"
container=$(buildah "${storage[@]}" from --pull-never rag-processor:check)
root=$(buildah "${storage[@]}" mount "$container")
trap 'buildah "${storage[@]}" rm "$container" > /dev/null' EXIT
(cd "$root" && find opt app -type f | sort) > "$work/files"
grep -v '^opt/runtime/legal' "$work/files" | sed -n '/^app\/lib/!p' | head -60
echo "$(grep -c '^app/lib/.*jar$' "$work/files") jars of others, $(wc -l < "$work/files") files in all"
! grep -E '(javac|jlink|jshell|/jmods/|\.java$|test-classes|onnx|minilm|junit|/mvn$)' "$work/files" || fail "a file that is not for production"
! find "$root/opt/runtime" "$root/app" -perm /0022 ! -type l | grep . || fail "a file that others may change"
! (unzip -l "$root/app/rag-processor.jar" 2> /dev/null || python3 -m zipfile -l "$root/app/rag-processor.jar") \
  | grep -E 'Test\.class|IT\.class|StandIn' || fail "a class of the tests"
"$root/opt/runtime/bin/java" --list-modules
python3 -c "
import json, os, sys
bom = json.load(open(sys.argv[1] + '/app/sbom.cdx.json'))
told = {c['name'] + '-' + c['version'] + '.jar' for c in bom['components']}
there = set(os.listdir(sys.argv[1] + '/app/lib'))
print(bom['bomFormat'], bom['specVersion'], len(told), 'components')
print('told, but not needed at run time: %s' % sorted(told - there))
sys.exit('not told: %s' % sorted(there - told) if there - told else 0)
" "$root"

echo "== it serves"
# The same command as Kubernetes', but for AOTMode=on, which refuses a cache that does not fit instead of going without.
java=${JAVA25_HOME:+$JAVA25_HOME/bin/}java
command -v "$java" > /dev/null && "$java" -version 2>&1 | grep -q '"25' || java=$(ls /usr/lib/jvm/*25*/bin/java | head -n 1)
"$java" -cp "$root/app/rag-processor.jar:$root/app/lib/*" --add-modules jdk.httpserver \
  src/test/java/dev/ragprocessor/image/StartTimes.java src/samples/library 1 -XX:AOTMode=on -- \
  src/image/enter.sh "$root" "$user" "${entrypoint[0]}" "${entrypoint[1]}" @options "${entrypoint[@]:2}"
echo "The image is as it should be."
