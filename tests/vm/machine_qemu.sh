# A machine with its own kernel and no network, in qemu without KVM: half a minute a boot, and a cut really loses what was
# written and not synced. To be sourced after machine.sh, whose verbs it says again:
#
#   machine_reason, machine_base, machine_media, machine_new, machine_boot, machine_run, machine_halt, machine_cut,
#   machine_heard
#
# The disk is a qcow2 file over the base's. qemu takes writes as a disk with a cache does: what the machine hasn't flushed is
# gone with the process. Commands go in through a virtio port to machine_agent.sh; standard input doesn't.
# shellcheck shell=bash disable=SC2054,SC2154  # qemu's commas; machine.sh's variables

machine_memory_mb=1024
machine_image=
machine_boot_s=${TIJORI_VM_BOOT_S:-300}  # longer, and the boot is tried once more: without KVM some hang

machine_reason() {
  local tool
  [ "$(id -u)" = 0 ] || { echo "it needs root"; return; }
  for tool in qemu-system-x86_64 qemu-img mmdebstrap mke2fs depmod modprobe cpio; do
    command -v "$tool" > /dev/null ||
      { echo "$tool is not here (qemu-system-x86, qemu-utils, seabios, mmdebstrap, e2fsprogs, kmod, cpio)"; return; }
  done
}

# Besides the base of machine.sh: its kernel, an initial file system that loads what the disk needs, and the disk itself. They
# lie in a folder named after what they were made of, and are never changed: the disks of machines lie over that one.
machine_base() {
  machine_base_folder
  local made_of
  made_of=$({ cat "${BASH_SOURCE[0]}" "${BASH_SOURCE[0]%/*}/machine_agent.sh" && stat -c %Y "$machine_cache/base"; } | sha256sum)
  machine_image=$machine_cache/qemu-${made_of:0:12}
  [ ! -e "$machine_image" ] || return 0
  local work=$machine_image.part
  rm -rf "$work"
  mkdir -p "$work"
  machine_kernel "$work"
  machine_disk "$work"
  mv -T "$work" "$machine_image" 2> /dev/null || rm -rf "$work"
}

# machine_kernel FOLDER: vmlinuz and initrd.
machine_kernel() {
  local folder=$1 version module package
  package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -n 1)
  mkdir -p "$folder/deb/files" "$folder/init"/{bin,dev,proc,sys,disk,modules}
  (cd "$folder/deb" && apt-get -q download "$package" busybox-static > apt.log 2>&1) || { cat "$folder/deb/apt.log" >&2; return 1; }
  for package in "$folder"/deb/*.deb; do dpkg-deb --extract "$package" "$folder/deb/files"; done
  version=$(ls "$folder/deb/files/lib/modules")
  depmod -b "$folder/deb/files" "$version"
  for module in virtio_pci virtio_blk virtio_console virtio_rng ext4; do
    modprobe -d "$folder/deb/files" -S "$version" --show-depends "$module"
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r module; do
    [ -e "$folder/init/modules/$(basename "$module")" ] && continue
    cp "$module" "$folder/init/modules/"
    basename "$module" >> "$folder/init/order"
  done
  cp "$folder/deb/files/bin/busybox" "$folder/init/bin/"
  cat > "$folder/init/init" << 'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
while read -r module; do /bin/busybox insmod "/modules/$module"; done < /order
tries=0
until [ -b /dev/vda ] || [ "$tries" -gt 300 ]; do /bin/busybox sleep 0.1; tries=$((tries + 1)); done
/bin/busybox mount -t ext4 -o relatime /dev/vda /disk || /bin/busybox poweroff -f
/bin/busybox mount --move /dev /disk/dev
/bin/busybox umount /sys /proc
exec /bin/busybox switch_root /disk /lib/systemd/systemd
INIT
  chmod +x "$folder/init/init"
  (cd "$folder/init" && find . | cpio --quiet -o -H newc) | gzip -1 > "$folder/initrd"
  cp "$folder"/deb/files/boot/vmlinuz-* "$folder/vmlinuz"
  rm -rf "$folder/deb" "$folder/init"
}

# machine_disk FOLDER: base.qcow2, the base with the agent in it.
machine_disk() {
  local folder=$1 root=$1/root
  cp -a --reflink=auto "$machine_cache/base" "$root"
  install -m 755 "${BASH_SOURCE[0]%/*}/machine_agent.sh" "$root/usr/local/lib/machine-agent"
  cat > "$root/etc/systemd/system/machine-agent.service" << 'UNIT'
[Unit]
Description=Commands from outside the machine
After=basic.target dbus.service
[Service]
ExecStart=/usr/local/lib/machine-agent
Environment=HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
KillMode=process
[Install]
WantedBy=multi-user.target
UNIT
  local unit
  ln -s ../machine-agent.service "$root/etc/systemd/system/multi-user.target.wants/machine-agent.service"
  for unit in getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  # What nobody syncs stays in memory, and is lost however late the cut comes.
  echo 'vm.dirty_writeback_centisecs = 0' > "$root/etc/sysctl.d/writeback.conf"
  truncate -s 6G "$folder/base.raw"
  mke2fs -q -t ext4 -m 0 -E lazy_itable_init=1 -d "$root" "$folder/base.raw"
  qemu-img convert -O qcow2 "$folder/base.raw" "$folder/base.qcow2"
  rm -rf "$root" "$folder/base.raw"
}

machine_new() {
  rm -rf "$1"
  mkdir -p "$1"
  qemu-img create -q -f qcow2 -b "$machine_image/base.qcow2" -F qcow2 "$1/disk.qcow2"
}

# A disk of its own, read-only: it can't be what a cut breaks.
machine_media() {
  local size_kb
  size_kb=$(du -sk "$2" | cut -f 1)
  rm -f "$1/media.raw"
  truncate -s "$((size_kb + size_kb / 8 + 8192))k" "$1/media.raw"
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$2" "$1/media.raw"
}

machine_heard() { echo "$1/$2"; }
machine_port() { echo "/dev/virtio-ports/$1"; }

machine_boot() {
  local try
  for try in 1 2; do
    machine_start "$1"
    if machine_awaited; then
      machine_run systemctl is-system-running --wait > "$1/state" 2>&1 || true
      case $(cat "$1/state") in running | degraded) return 0 ;; esac
      cat "$1/state" >&2
      return 1
    fi
    echo "no boot in $machine_boot_s s (try $try)" >&2
    tail -n 20 "$1/console" >&2
    machine_cut
  done
  return 1
}

machine_start() {
  local folder=$1 port media=() ports=()
  # qemu opens both ends of each pipe; what an earlier machine left in them is gone with the files.
  rm -f "$folder/command.in" "$folder/command.out"
  mkfifo "$folder/command.in" "$folder/command.out"
  exec {machine_to}<> "$folder/command.in" {machine_from}<> "$folder/command.out"
  for port in "${machine_ports[@]}"; do
    ports+=(-chardev "file,id=$port,path=$folder/$port,append=on" -device "virtserialport,chardev=$port,name=$port")
  done
  [ ! -e "$folder/media.raw" ] ||
    media=(-drive "file=$folder/media.raw,format=raw,if=none,id=media,readonly=on" -device virtio-blk-pci,drive=media)
  qemu-system-x86_64 -machine q35,usb=off,smbus=off,sata=off,hpet=off -accel tcg,thread=multi -cpu max -smp 2 -m "$machine_memory_mb" \
    -nodefaults -no-user-config -no-reboot -display none -nic none -device virtio-rng-pci \
    -kernel "$machine_image/vmlinuz" -initrd "$machine_image/initrd" \
    -append "console=ttyS0 loglevel=4 mitigations=off random.trust_cpu=on audit=0 systemd.show_status=0" \
    -drive "file=$folder/disk.qcow2,format=qcow2,if=none,id=disk,cache=writeback,discard=unmap" -device virtio-blk-pci,drive=disk \
    "${media[@]}" -device virtio-serial-pci -chardev "pipe,id=command,path=$folder/command" \
    -device virtserialport,chardev=command,name=command "${ports[@]}" -serial "file:$folder/console" \
    < /dev/null > "$folder/qemu.log" 2>&1 &
  machine_pid=$!
}

# The agent's first line.
machine_awaited() {
  local waited line
  for ((waited = 0; waited < machine_boot_s; ++waited)); do
    if IFS= read -r -t 1 -u "$machine_from" line; then [ "$line" = ready ] && return 0; fi
    kill -0 "$machine_pid" 2> /dev/null || return 1
  done
  return 1
}

machine_run() {
  local answer= part= status output errors
  printf '%s\n' "$(printf '%s\0' "$@" | base64 -w 0)" >&"$machine_to"
  # A line that came in part stays in $part when the time is over.
  until IFS= read -r -t 1 -u "$machine_from" part; do
    answer+=$part
    kill -0 "$machine_pid" 2> /dev/null || return 1
  done
  answer+=$part
  read -r status output errors <<< "$answer"
  head -c "$output" <&"$machine_from"
  head -c "$errors" <&"$machine_from" >&2
  return "$status"
}

machine_halt() {
  [ -n "$machine_pid" ] || return 0
  machine_run systemctl poweroff --no-block || true
  machine_gone
}

machine_cut() {
  [ -n "$machine_pid" ] || return 0
  kill -9 "$machine_pid" 2> /dev/null || true
  machine_gone
}

machine_gone() {
  local waited
  for ((waited = 0; waited < 1800; ++waited)); do
    kill -0 "$machine_pid" || break
    sleep 0.1
  done
  kill -9 "$machine_pid" || true
  wait "$machine_pid" || true
  exec {machine_to}>&- {machine_from}>&-
  machine_pid=
} 2> /dev/null  # the shell would tell that it was killed
