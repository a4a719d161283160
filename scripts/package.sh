#!/usr/bin/env bash
# Makes all packages, in build-package/packages: Debian's heddle, heddle-tidy and libheddle-dev, and the
# npm package. The same sources give the same bytes, wherever they lie. scripts/check-packages checks them.
#
#   scripts/package.sh          all of them
#   scripts/package.sh deb      Debian's only
#   scripts/package.sh npm      npm's only
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1-all}
case $what in all | deb | npm) ;; *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac

# The date of everything that has one: that of the last commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
umask 022

cmake --preset package --log-level=WARNING
out=build-package/packages
rm -rf "$out" && mkdir -p "$out"
if [[ $what != npm ]]; then
  cmake --build build-package -j "$(nproc)"
  (cd build-package && cpack -G DEB -B packages) >"$out/cpack.log" || { cat "$out/cpack.log" >&2; exit 1; }
  rm -rf "$out/_CPack_Packages" "$out/cpack.log"
fi
if [[ $what != deb ]]; then
  cmake --build build-package -j "$(nproc)" --target heddle-standalone heddle_share
  scripts/make-npm-package build-package/standalone/heddle "$out" >/dev/null
  rm -rf "$out/npm"
fi
(cd "$out" && sha256sum -- * | tee SHA256SUMS)
