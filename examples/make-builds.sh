#!/usr/bin/env bash
# Makes builds of the example's app below a folder, two or as many as asked for: app-1.apk, and app-2.apk and on, which have
# one entry more. All are signed with one key, made here at the first time, as the builds of one project would be.
#
#   make-builds.sh DIR [COUNT]
set -euo pipefail
[ $# -ge 1 ] && [ $# -le 2 ] || { echo "usage: $0 DIR [COUNT]" >&2; exit 2; }
count=${2:-2}
here=$(cd "$(dirname "$0")" && pwd)
source_apk=$here/apidemos/node_modules/android-apidemos/apks/ApiDemos-debug.apk
[ -f "$source_apk" ] || { echo "$source_apk is missing: run npm ci in examples/apidemos first" >&2; exit 1; }
for tool in apksigner keytool jar; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: install a JDK and Android's apksigner" >&2; exit 1; }
done
mkdir -p "$1"
out=$(cd "$1" && pwd)
key=$out/debug.keystore
[ -f "$key" ] || keytool -genkeypair -keystore "$key" -storetype PKCS12 -storepass android -keypass android -alias debug \
  -keyalg RSA -keysize 2048 -validity 10000 -dname "CN=Debug" >/dev/null 2>&1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sign() { # FROM TO
  apksigner sign --ks "$key" --ks-pass pass:android --key-pass pass:android --ks-key-alias debug \
    --out "$2" "$1"
}

mkdir -p "$work/assets"
for build in $(seq "$count"); do
  cp "$source_apk" "$work/$build.apk"
  if [ "$build" -gt 1 ]; then
    echo "build $build" >"$work/assets/build.txt"
    # stored, not compressed anew: everything else stays as it is
    (cd "$work" && jar -uf0 "$build.apk" assets/build.txt)
  fi
  sign "$work/$build.apk" "$out/app-$build.apk"
done
rm -f "$out"/app-*.apk.idsig
