#!/bin/sh
# Starts OpenStack Swift with its S3 API on one port of this machine, with its data in a new folder, for tests that need a
# store that checks credentials and checksums. Prints "ready <port>" and runs until its standard input ends.
# Needs the Debian packages swift-proxy swift-account swift-container swift-object (see `available`).
set -eu

available() {
  command -v swift-proxy-server >/dev/null && command -v swift-account-server >/dev/null &&
    command -v swift-container-server >/dev/null &&
    command -v swift-object-server >/dev/null
}
available || { echo "absent: install swift-proxy swift-account swift-container swift-object"; exit 3; }

work=$(mktemp -d "${TMPDIR:-/tmp}/wharf-swift-XXXXXX")
pids=""
stop() {
  trap - EXIT INT TERM
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap stop EXIT INT TERM

# four free ports, held until all are known
ports=$(/usr/bin/python3 -c '
import socket
sockets = [socket.socket() for _ in range(4)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])')
set -- $ports
proxy=$1 account=$2 container=$3 object=$4
user=$(id -un)
mkdir -p "$work/etc" "$work/disks/d1"

common="bind_ip = 127.0.0.1
workers = 0
user = $user
swift_dir = $work/etc
devices = $work/disks
mount_check = false
log_name = swift
log_level = ERROR
log_address = $work/no-syslog"

printf '[swift-hash]\nswift_hash_path_suffix = wharf\nswift_hash_path_prefix = wharf\n' >"$work/etc/swift.conf"
for server in account container object; do
  port=$(eval "echo \$$server")
  printf '[DEFAULT]\n%s\nbind_port = %s\n[pipeline:main]\npipeline = %s-server\n[app:%s-server]\nuse = egg:swift#%s\n' \
    "$common" "$port" "$server" "$server" "$server" >"$work/etc/$server-server.conf"
done

# one disk, one copy, by Debian's own Python, where the packages are; through the library, since the command takes a second a call
/usr/bin/python3 - "$work/etc" "account:$account" "container:$container" "object:$object" <<'PY'
import sys
from swift.common.ring import RingBuilder
folder, *servers = sys.argv[1:]
for server in servers:
    name, port = server.split(':')
    ring = RingBuilder(4, 1, 1)
    ring.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': int(port), 'device': 'd1', 'weight': 1})
    ring.rebalance()
    ring.get_ring().save('%s/%s.ring.gz' % (folder, name))
PY

cat >"$work/etc/proxy-server.conf" <<CONF
[DEFAULT]
$common
bind_port = $proxy
[pipeline:main]
pipeline = catch_errors cache s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_wharf_sync = wharf-test-secret .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
CONF

for server in account container object proxy; do
  "swift-$server-server" "$work/etc/$server-server.conf" >"$work/$server.log" 2>&1 &
  pids="$pids $!"
done

tries=0
until /usr/bin/python3 -c "
import socket
for port in ($proxy, $account, $container, $object): socket.create_connection(('127.0.0.1', port), 1)" 2>/dev/null; do
  tries=$((tries + 1))
  if [ $tries -gt 100 ]; then cat "$work"/*.log >&2; exit 1; fi
  sleep 0.2
done
echo "ready $proxy"
cat >/dev/null
