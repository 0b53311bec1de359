#!/bin/sh
# The program as it is shipped, the same from the Makefile, the image and the
# checks: deploy/build.sh OUT, for GOOS and GOARCH where they are set.
set -eu
cd "$(dirname "$0")/.."
# In what writes pages, workbooks, the command line, figures and letters, and in
# the event server, functions are not copied into their callers: a template would
# be wherever it is shown. That is three megabytes; neither the pages nor an
# import of 20,000 rows became measurably slower.
set -- "$1" -trimpath -ldflags='-s -w'
for packages in jinghe/internal/web github.com/xuri github.com/danielgtaylor github.com/prometheus google.golang.org/protobuf \
	github.com/jedib0t github.com/alecthomas github.com/pressly github.com/wneessen github.com/nats-io/nats-server/v2; do
	set -- "$@" -gcflags="$packages/...=-l"
done
out=$1
shift
CGO_ENABLED=0 exec "${GO:-go}" build "$@" -o "$out" ./cmd/jinghe
