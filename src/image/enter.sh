#!/bin/sh
# Runs a command inside an unpacked image as Kubernetes would: as the image's user, the file system read-only but for
# /tmp. It becomes the command, so that a signal reaches that.
#   enter.sh ROOT USER COMMAND…
set -eu
if [ "${ENTERED:-}" != yes ]; then
  ENTERED=yes exec unshare --mount -- "$0" "$@"
fi
root=$1 user=$2
shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
unset ENTERED
export HOME=/tmp LANG=C.UTF-8
cd /
exec chroot --userspec="$user" "$root" "$@"
