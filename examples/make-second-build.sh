#!/bin/sh
# Makes two installable builds of the ApiDemos app, for showing what happens with two app versions:
# the second is the first with one more file in it. Both are signed with the same key, as two builds
# of one app are, so either installs over the other. Same package, same version code and name: only
# their bytes tell them apart.
#
#   make-second-build.sh [APK] [FOLDER]
#
# APK     the app; default: that of the example project's packages (npm ci there first)
# FOLDER  gets build-1.apk and build-2.apk; default: target/apps beside this script
set -eu

here=$(cd "$(dirname "$0")" && pwd)
apk=${1:-$here/apidemos/node_modules/android-apidemos/apks/ApiDemos-debug.apk}
out=${2:-$here/target/apps}

fail() {
  echo "make-second-build: $1" >&2
  exit 1
}

[ -f "$apk" ] || fail "no app at $apk; run 'npm ci --ignore-scripts' in $here/apidemos, or name one"
mkdir -p "$out"
out=$(cd "$out" && pwd)

if command -v apksigner >/dev/null 2>&1; then
  apksigner=apksigner
else
  apksigner=$(ls "${ANDROID_HOME:-/nonexistent}"/build-tools/*/apksigner 2>/dev/null | tail -n 1)
  [ -n "$apksigner" ] || fail "no apksigner: install Debian's package apksigner, or set ANDROID_HOME"
fi
for tool in keytool jar; do
  command -v "$tool" >/dev/null 2>&1 || fail "no $tool: it comes with a JDK"
done

keystore=$out/debug.keystore
if [ ! -f "$keystore" ]; then
  keytool -genkeypair -keystore "$keystore" -storetype PKCS12 -storepass android -keypass android \
    -alias androiddebugkey -keyalg RSA -keysize 2048 -validity 10000 \
    -dname 'CN=Android Debug,O=Android,C=US' >/dev/null 2>&1 || fail "keytool made no key"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
sign() { # what, to where
  "$apksigner" sign --ks "$keystore" --ks-pass pass:android --ks-key-alias androiddebugkey \
    --out "$work/signed.apk" "$1" || fail "apksigner refuses $1"
  rm -f "$work/signed.apk.idsig"
  mv "$work/signed.apk" "$2"
}

sign "$apk" "$out/build-1.apk"

mkdir -p "$work/assets"
echo 'the second build' >"$work/assets/qgjob-build.txt"
cp "$apk" "$work/second.apk"
# entries that are there stay as they are stored; -M keeps the app's own manifest
(cd "$work" && jar -u -f second.apk -M -0 assets/qgjob-build.txt) || fail "jar cannot add to $apk"
sign "$work/second.apk" "$out/build-2.apk"

for build in "$out/build-1.apk" "$out/build-2.apk"; do
  echo "$build"
done
