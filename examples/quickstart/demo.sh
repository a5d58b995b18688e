#!/usr/bin/env bash
# Builds a link on both simulated clouds, changes it, removes it, and proves that
# nothing is left. Needs the crosscloud binary and terraform (or tofu, or the
# engine that CROSSCLOUD_ENGINE names) on PATH, and the provider where the engine finds it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
engine=${CROSSCLOUD_ENGINE:-$(command -v terraform || command -v tofu)}
work=$(mktemp -d)
sandbox_pid=
cleanup() {
  [ -z "$sandbox_pid" ] || { kill "$sandbox_pid" 2>/dev/null || true; wait "$sandbox_pid" 2>/dev/null || true; }
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '\n== %s\n' "$*"; }
tf() { "$engine" -chdir="$work" "$@"; }

say "Two clouds on this machine"
# Ports of this run's own, so that it disturbs no sandbox that runs already.
crosscloud sandbox -aws "${SANDBOX_AWS:-127.0.0.1:0}" -google "${SANDBOX_GOOGLE:-127.0.0.1:0}" >"$work/sandbox.txt" 2>&1 &
sandbox_pid=$!
for _ in $(seq 100); do
  grep -q 'Point clients here' "$work/sandbox.txt" && break
  kill -0 "$sandbox_pid" 2>/dev/null || { cat "$work/sandbox.txt"; exit 1; }
  sleep 0.1
done
cat "$work/sandbox.txt"
aws=$(sed -n 's|^AWS *http://||p' "$work/sandbox.txt")
google=$(sed -n 's|^Google *http://||p' "$work/sandbox.txt")
eval "$(crosscloud sandbox env -aws "$aws" -google "$google")"

cp "$here/main.tf" "$work/"
export TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1

say "$(basename "$engine") apply: one resource, a link on both clouds"
tf init -input=false -no-color >"$work/init.txt" || { cat "$work/init.txt"; exit 1; }
tf apply -input=false -auto-approve -no-color | grep -E '^(Plan:|crosscloud_|Apply complete|  "?status)' 
say "crosscloud links: what both clouds say"
crosscloud links

say "The plan straight after is empty"
tf plan -input=false -detailed-exitcode -no-color | grep 'No changes'

say "10 Gbps, in place"
tf apply -input=false -auto-approve -no-color -var bandwidth=10Gbps | grep -E '(^Plan:|~ (bandwidth|monthly)|^crosscloud_|^Apply complete)'
crosscloud links
tf plan -input=false -detailed-exitcode -no-color -var bandwidth=10Gbps | grep 'No changes'

say "Destroy"
tf destroy -input=false -auto-approve -no-color -var bandwidth=10Gbps | grep -E '^(Plan:|crosscloud_|Destroy complete)'

say "Both clouds are empty"
left=$(crosscloud links --output json)
echo "crosscloud links --output json: $left"
[ "$left" = "[]" ]
