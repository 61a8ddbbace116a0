#!/usr/bin/env bash
# A replica on a disk that cannot be written, and on one that is full: it is read, nothing is promised, and it goes on when there is room
# again. Needs the right to mount.
# shellcheck source=tests/integration/lib.bash
. "${SOURCE:?}/tests/integration/lib.bash"

mkdir "$dir/disk"
mount -t tmpfs -o size=4m tmpfs "$dir/disk" 2>/dev/null || {
    echo "no right to mount: left out"
    exit 0
}
unmount() {
    umount "$dir/disk" || true
    finish
}
trap unmount EXIT

new_hub
pair_replica disk orleans-hotel-de-ville
"$bin/syncd" once --replica "$dir/disk" || fault "once"
person=$(ask disk "SELECT id FROM person WHERE org = 'orleans' ORDER BY id LIMIT 1")
event=$(ask disk "SELECT id FROM event WHERE status = 'planned' ORDER BY starts DESC LIMIT 1")
"$act" "$dir/disk" health >"$dir/said"
grep -q '^ready' "$dir/said" || fault "$(cat "$dir/said")"

# ---- read-only ----
mount -o remount,ro "$dir/disk"
"$act" "$dir/disk" health >"$dir/said"
grep -q '^ready' "$dir/said" || fault "read-only: $(cat "$dir/said")"
"$act" "$dir/disk" perform register "$person" "{\"event\":\"$event\"}" >"$dir/said" 2>&1 && fault "kept on a read-only disk"
"$bin/syncd" status --replica "$dir/disk" >"$dir/said" || fault "status: $(cat "$dir/said")"
"$bin/syncd" verify --replica "$dir/disk" >"$dir/said" 2>&1 || fault "verify: $(cat "$dir/said")"
"$bin/syncd" once --replica "$dir/disk" 2>"$dir/said" && fault "once on a read-only disk"
mount -o remount,rw "$dir/disk"

# ---- full ----
head -c 8m /dev/zero >"$dir/disk/filler" 2>/dev/null || true
kept=0
for _ in $(seq 1 50); do
    "$act" "$dir/disk" perform register "$person" "{\"event\":\"$event\"}" >"$dir/said" 2>&1 || break
    kept=$((kept + 1))
done
[ "$kept" -lt 50 ] || fault "a full disk kept everything"
rm "$dir/disk/filler"
"$act" "$dir/disk" perform register "$person" "{\"event\":\"$event\"}" >"$dir/said" || fault "$(cat "$dir/said")"
"$bin/syncd" once --replica "$dir/disk" || fault "once, when there is room again"
"$bin/syncd" verify --replica "$dir/disk" || fault "verify"
