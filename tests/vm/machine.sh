#!/bin/bash
# A machine with its own systemd and no network, in a container of systemd-nspawn. To be sourced by bash with
# `set -euo pipefail`; needs root, systemd-nspawn and mmdebstrap.
#
#   machine_reason                  says why there can't be one here, or nothing
#   machine_base                    a minimal Debian in $machine_cache/base, made once, in two minutes
#   machine_new FOLDER              a fresh copy of the base in FOLDER
#   machine_media FOLDER FILES      what lies in the folder FILES is in the machine's /media from its next boot on
#   machine_port NAME               where in the machine a service writes what is to be known outside at once, whatever happens
#   machine_heard FOLDER NAME       the file outside that has it; the names are those of $machine_ports
#   machine_boot FOLDER             boots it; returns once systemd has started everything
#   machine_run COMMAND…            in the machine, as root
#   machine_halt | machine_cut      an orderly end, or the plug
#
# Commands go in through the machine's namespaces, so nothing in it has to listen.
# shellcheck shell=bash

machine_cache=${TIJORI_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tijori-vm}
machine_pid=      # of systemd-nspawn
machine_init=     # of the machine's PID 1
machine_group=
# shellcheck disable=SC2034
machine_ports=(acknowledged told canary)

machine_reason() {
  local tool
  [ "$(id -u)" = 0 ] || { echo "it needs root"; return; }
  for tool in systemd-nspawn mmdebstrap nsenter; do
    command -v "$tool" > /dev/null || { echo "$tool is not here (systemd-container, mmdebstrap, util-linux)"; return; }
  done
  [ -w "$(machine_groups)" ] || echo "no cgroup can be made"
}

# Where cgroups of version 2 are: the whole tree, or a part beside version 1.
machine_groups() {
  if [ -d /sys/fs/cgroup/unified ]; then echo /sys/fs/cgroup/unified; else echo /sys/fs/cgroup; fi
}

machine_base() { machine_base_folder; }

machine_base_folder() {
  local base=$machine_cache/base suite sources=/etc/apt/sources.list
  [ ! -e "$base/etc/debian_version" ] || return 0
  mkdir -p "$machine_cache"
  rm -rf "$base" "$base.part"
  suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # From where this machine's own packages come.
  [ ! -e /etc/apt/sources.list.d/debian.sources ] || sources=/etc/apt/sources.list.d/debian.sources
  mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --include=systemd,systemd-sysv,dbus,init-system-helpers,passwd,libpam-systemd,procps,iproute2,curl,ca-certificates,man-db,bash-completion \
    "$suite" "$base.part" "$sources"
  echo appliance > "$base.part/etc/hostname"
  : > "$base.part/etc/machine-id"
  rm -rf "$base.part"/var/lib/apt/lists/* "$base.part"/etc/apt/sources.list* "$base.part"/var/cache/apt/archives/*.deb
  local unit
  for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer man-db.timer e2scrub_all.timer; do
    ln -sf /dev/null "$base.part/etc/systemd/system/$unit"
  done
  mv "$base.part" "$base"
}

machine_new() {
  rm -rf "$1"
  cp -a --reflink=auto "$machine_cache/base" "$1"
}

machine_media() {
  rm -rf "${1:?}/media"
  cp -r --reflink=auto "$2" "$1/media"
}

# The machine's files are this machine's: they outlive its processes.
machine_port() { echo "/srv/$1"; }
machine_heard() { echo "$1/srv/$2"; }

machine_boot() {
  local folder=$1 waited
  machine_group=$(machine_groups)/tijori-vm-$$
  mkdir -p "$machine_group"
  # Its own group, so that the machine's systemd finds itself at the root of one.
  (
    echo $BASHPID > "$machine_group/cgroup.procs"
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn -q -D "$folder" --machine="tijori-vm-$$" --private-network \
      --register=no --keep-unit --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
      --capability=CAP_BPF,CAP_NET_ADMIN,CAP_SYS_ADMIN,CAP_PERFMON --system-call-filter="bpf perf_event_open" --boot
  ) < /dev/null > "$folder.console" 2>&1 &
  machine_pid=$!
  machine_init=
  for ((waited = 0; waited < 600; ++waited)); do
    kill -0 "$machine_pid" 2> /dev/null || { cat "$folder.console" >&2; return 1; }
    machine_init=$(pgrep -P "$machine_pid" | head -n 1) || true
    if [ -n "$machine_init" ] && machine_run test -S /run/systemd/private 2> /dev/null; then break; fi
    sleep 0.2
  done
  # "degraded" is a matter of the container, not of the units that are tested by name.
  machine_run systemctl is-system-running --wait > "$folder.state" 2>&1 || true
  case $(cat "$folder.state") in running | degraded) ;; *) cat "$folder.state" >&2; return 1 ;; esac
}

machine_run() {
  nsenter -t "$machine_init" --mount --uts --ipc --net --pid --cgroup --root --wd -- \
    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

machine_halt() {
  [ -n "$machine_pid" ] || return 0
  machine_run systemctl poweroff --no-block || true
  machine_gone
}

machine_cut() {
  [ -n "$machine_pid" ] || return 0
  kill -9 "$machine_init" 2> /dev/null || true
  machine_gone
}

machine_gone() {
  local waited
  for ((waited = 0; waited < 900; ++waited)); do
    kill -0 "$machine_pid" 2> /dev/null || break
    sleep 0.1
  done
  kill -9 "$machine_pid" 2> /dev/null || true
  wait "$machine_pid" 2> /dev/null || true
  find "$machine_group" -depth -type d -exec rmdir {} \; 2> /dev/null || true
  machine_pid=
}
