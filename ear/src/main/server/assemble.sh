#!/usr/bin/env bash
# Makes target/server a ready distribution: WildFly as unpacked by Maven, configured by configure.cli, with the drivers, the start
# script and the EAR. Maven calls it at every `package`; what is up to date is left alone, so that a new EAR costs a copy and no more.
set -euo pipefail
sources=$1 target=$2 version=$3
server=$target/server

install_file() { # source, destination, mode: in place only if it differs, and whole at every moment
  if ! cmp -s "$1" "$2"; then
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2.new" && mv -f "$2.new" "$2"
  fi
  chmod "$3" "$2"
}

install_file "$target/drivers/mysql-connector-j.jar" "$server/modules/com/mysql/main/mysql-connector-j.jar" 644
install_file "$sources/modules/com/mysql/main/module.xml" "$server/modules/com/mysql/main/module.xml" 644
install_file "$target/qgjob.ear" "$server/qgjob/qgjob.ear" 644
install_file "$sources/bin/qgjob-server" "$server/bin/qgjob-server" 755
for file in broker-users broker-roles logging; do
  install_file "$sources/configuration/$file.properties" "$server/standalone/configuration/$file.properties" 600
done

configuration=$server/standalone/configuration
stamp=$server/qgjob/configured
if ! cat "$sources/configure.cli" "$sources/assemble.sh" | cmp -s - "$stamp" || [ ! -s "$configuration/qgjob.xml" ]; then
  # always from the pristine file, so that a script that changed never meets its own earlier work
  cp "$configuration/standalone-full.xml" "$configuration/qgjob.xml"
  log=$target/configure.log
  if ! JAVA_OPTS="-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1" \
      "$server/bin/jboss-cli.sh" --file="$sources/configure.cli" >"$log" 2>&1; then
    rm -f "$stamp" "$configuration/qgjob.xml"
    tail -n 30 "$log" >&2
    echo "configure.cli failed: see $log" >&2
    exit 1
  fi
  cat "$sources/configure.cli" "$sources/assemble.sh" >"$stamp"
fi
printf '%s\n' "$version" >"$server/qgjob/version"
