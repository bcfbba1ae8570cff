#!/bin/bash
# Runs inside a machine of machine_qemu.sh, as a service: does the commands that come in on a port, one a line, and answers
# each with "STATUS BYTES-OF-OUTPUT BYTES-OF-ERRORS" and then those bytes. A command is its words, each ended by a zero byte,
# in base64.
set -uo pipefail
port=/dev/virtio-ports/command
output=/run/machine-agent.output
errors=/run/machine-agent.errors

# There is no udev to name the ports.
mkdir -p /dev/virtio-ports
for named in /sys/class/virtio-ports/*/name; do
  ln -s "../$(basename "${named%/name}")" "/dev/virtio-ports/$(< "$named")"
done
if [ -b /dev/vdb ]; then mount -o ro /dev/vdb /media; fi
exec 3<> "$port"
printf 'ready\n' >&3
while IFS= read -r -u 3 line; do
  mapfile -d '' -t words < <(base64 -d <<< "$line")
  status=0
  (exec 3>&-; exec "${words[@]}") < /dev/null > "$output" 2> "$errors" || status=$?
  { printf '%s %s %s\n' "$status" "$(stat -c %s "$output")" "$(stat -c %s "$errors")"; cat "$output" "$errors"; } >&3
done
