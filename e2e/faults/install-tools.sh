#!/usr/bin/env bash
# Installs what the fault lab makes faults with, where it is missing (Debian, Ubuntu; root).
set -euo pipefail
missing=()
command -v ip >/dev/null && command -v tc >/dev/null || missing+=(iproute2)
command -v nft >/dev/null || missing+=(nftables)
command -v openssl >/dev/null || missing+=(openssl)
compgen -G "/usr/lib/*/faketime/libfaketime.so.1" >/dev/null || missing+=(libfaketime)
if [ "${#missing[@]}" -gt 0 ]; then
  apt-get update -qq
  apt-get install -y --no-install-recommends "${missing[@]}"
fi
