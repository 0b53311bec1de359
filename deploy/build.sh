#!/bin/sh
# The program as it is shipped, the same from the Makefile, the image and the
# checks: deploy/build.sh OUT, for GOOS and GOARCH where they are set.
set -eu
cd "$(dirname "$0")/.."
# Functions are not copied into their callers where work is done for people or
# for other machines rather than in loops: a template would be wherever it is
# shown. What ranks, searches and plans, and SQLite, are left as they are. That and
# the closer places of functions are about five megabytes; neither the pages nor an
# import of 20,000 rows became measurably slower by the first half of it.
set -- "$1" -trimpath -ldflags='-s -w -funcalign=16'
for packages in jinghe/internal/web github.com/xuri github.com/danielgtaylor github.com/prometheus google.golang.org/protobuf \
	github.com/jedib0t github.com/alecthomas github.com/pressly github.com/wneessen github.com/nats-io \
	github.com/jackc github.com/meilisearch github.com/andybalholm gonum.org/v1/gonum/lapack gonum.org/v1/gonum/mat \
	jinghe/internal/app jinghe/internal/registry jinghe/internal/store jinghe/internal/convene jinghe/internal/transfer \
	jinghe/internal/account jinghe/internal/engage jinghe/internal/notify jinghe/internal/archive jinghe/internal/crowd jinghe/internal/samplecity jinghe/cmd \
	golang.org/x/net golang.org/x/text github.com/go-jose github.com/a-h github.com/coreos net/http html text/template crypto/x509 database/sql; do
	set -- "$@" -gcflags="$packages/...=-l"
done
out=$1
shift
CGO_ENABLED=0 exec "${GO:-go}" build "$@" -o "$out" ./cmd/jinghe
