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
recipe() { cat "$sources/configure.cli" "$sources/own-broker.cli" "$sources/assemble.sh"; }

configure() { # configuration to make, the one to begin with, script: always anew, so that a script never meets its own earlier work
  cp "$configuration/$2" "$configuration/$1"
  local log=$target/$3.log
  if ! JAVA_OPTS="-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1" \
      "$server/bin/jboss-cli.sh" --file="$sources/$3" >"$log" 2>&1; then
    rm -f "$stamp" "$configuration/$1"
    tail -n 30 "$log" >&2
    echo "$3 failed: see $log" >&2
    exit 1
  fi
}

if ! recipe | cmp -s - "$stamp" || [ ! -s "$configuration/qgjob-own-broker.xml" ]; then
  configure qgjob.xml standalone-full.xml configure.cli
  configure qgjob-own-broker.xml qgjob.xml own-broker.cli
  recipe >"$stamp"
fi
printf '%s\n' "$version" >"$server/qgjob/version"
