#!/usr/bin/env bash
# Makes two builds of the example's app below a folder: app-1.apk, and app-2.apk which has one entry more. Both are signed
# with one key, made here at the first time, as two builds of one project would be.
#
#   make-builds.sh DIR
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
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

cp "$source_apk" "$work/1.apk"
cp "$source_apk" "$work/2.apk"
mkdir -p "$work/assets"
echo "the second build" >"$work/assets/build.txt"
# stored, not compressed anew: everything else stays as it is
(cd "$work" && jar -uf0 2.apk assets/build.txt)
sign "$work/1.apk" "$out/app-1.apk"
sign "$work/2.apk" "$out/app-2.apk"
rm -f "$out"/app-*.apk.idsig
