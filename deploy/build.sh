#!/bin/sh
# The program as it is shipped, the same from the Makefile, the image and the
# checks: deploy/build.sh OUT, for GOOS and GOARCH where they are set.
set -eu
cd "$(dirname "$0")/.."
# Functions of pages and workbooks are not copied into their callers: a template
# would be wherever it is shown. That is a megabyte and a half; neither the pages
# nor an import of 20,000 rows became measurably slower.
CGO_ENABLED=0 exec "${GO:-go}" build -trimpath -ldflags='-s -w' \
	-gcflags='jinghe/internal/web/...=-l' -gcflags='github.com/xuri/...=-l' \
	-o "$1" ./cmd/jinghe
