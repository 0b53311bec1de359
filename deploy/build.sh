#!/bin/sh
# The program as it is shipped, the same from the Makefile, the image and the
# checks: deploy/build.sh OUT, for GOOS and GOARCH where they are set.
set -eu
cd "$(dirname "$0")/.."
CGO_ENABLED=0 exec "${GO:-go}" build -trimpath -ldflags='-s -w' -o "$1" ./cmd/jinghe
