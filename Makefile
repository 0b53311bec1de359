# make prints what there is. Checks are steps of .ci/run, so that they are the
# same here and there.

GO      ?= go
BIN     := bin
ADDR    ?= 127.0.0.1:8080
STEPS   := .ci/run

.DEFAULT_GOAL := help
.PHONY: help build test lint format race drills bench fuzz cross demo ci scoreboard charts screenshots tools docker up down clean

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the program, as shipped, into bin/jinghe
	GO=$(GO) deploy/build.sh $(BIN)/jinghe

demo: ## a sample city on ADDR (127.0.0.1:8080), gone when it stops
	$(GO) run ./cmd/jinghe demo --addr $(ADDR)

test: ## all tests; those without their browser or server say so and skip
	$(GO) test ./...

race: ## all tests under the race detector (needs gcc)
	$(STEPS) race

fuzz: ## each fuzz target for FUZZTIME (3000x inputs)
	$(STEPS) fuzz

drills: ## faults under load, three replicas, and a rolling upgrade; prints a table (some ten minutes; DRILL=name runs some)
	$(GO) test -tags drill -run 'TestDrills|TestRollingUpgrade' -count 1 -timeout 60m -v ./internal/app

bench: ## all benchmarks; JINGHE_BENCH_DATA names a directory with graded data
	$(GO) test -run '^$$' -bench . -benchmem ./...

format: tools ## write the code as gofumpt does
	$(BIN)/gofumpt -w .

lint: tools ## format, vet, staticcheck, golangci-lint
	$(STEPS) format vet lint

scoreboard: ## measure the code and write the table in ARCHITECTURE.md
	$(GO) test ./internal/archtest -run Scoreboard -update

charts: ## the library of drawings that the pages carry, anew (needs Node.js and npm)
	cd internal/web/ui/charts && npm ci && node build.mjs && rm -rf node_modules

screenshots: ## the pictures of the documents, from the sample city (needs chromium)
	JINGHE_REQUIRE=chromium $(GO) test ./docs/img -update

tools: ## the pinned checkers into bin
	$(STEPS) tools

cross: ## linux amd64, arm64 and loong64 without cgo, and their size
	$(STEPS) cross

ci: ## everything that must hold before a change goes in
	$(STEPS)

docker: ## the image jinghe:local
	docker build -t jinghe:local .

.env:
	umask 077 && sh deploy/settings.sh > $@.new && mv $@.new $@

up: .env ## two replicas on PostgreSQL, Meilisearch and three NATS servers, with the sample city
	docker compose --profile demo up --build --wait
	@docker compose --profile demo logs --no-log-prefix sample-city
	@echo "http://127.0.0.1:$$(sed -n 's/^JINGHE_PORT=//p' .env)/"

down: ## stop what up started; the volumes stay
	docker compose --profile demo down

clean: ## remove bin
	rm -rf $(BIN)
