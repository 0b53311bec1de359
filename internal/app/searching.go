package app

import (
	"context"
	"errors"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
	"jinghe/search/meili"
)

// SearchEngine opens the engine that cfg names: a Meilisearch server, or else
// the index inside the process. lost, if not nil, is told when the server no
// longer has an index. The server is not asked; see CheckSearch.
func SearchEngine(cfg *Config, lex *lexicon.Lexicon, now func() time.Time, lost func(index string)) search.Engine {
	if cfg.Search == "" {
		return embedded.New(lex)
	}
	return meili.New(meili.Options{
		URL: cfg.Search, Key: cfg.SearchKey, Prefix: cfg.SearchPrefix, Lexicon: lex, Now: now, Lost: lost,
		ReadTimeout: cfg.SearchWithin,
	})
}

// CheckSearch asks the search server whether it can be used. The error names
// the setting and the remedy; nil, nil where there is no server.
func CheckSearch(ctx context.Context, cfg *Config, e search.Engine) (*meili.Server, error) {
	server, ok := e.(*meili.Engine)
	if !ok {
		return nil, nil
	}
	answer, err := server.Check(ctx)
	if err != nil {
		return nil, searchError(cfg, err)
	}
	return &answer, nil
}

// searchError says which setting is wrong and what to do.
func searchError(cfg *Config, err error) error {
	code, key, setting := scene.Unavailable, "config.search_away", "JINGHE_MEILISEARCH_URL"
	args := map[string]any{"value": maskURL(cfg.Search)}
	if e, ok := errors.AsType[*meili.ServerError](err); ok {
		switch e.Problem {
		case meili.NoServer, meili.Failed:
			key = "config.search_no_server"
		case meili.KeyRefused:
			code, key, setting = scene.Invalid, "config.search_key", "JINGHE_MEILISEARCH_KEY"
			args["prefix"] = cfg.SearchPrefix
		case meili.TooOld:
			code, key = scene.Invalid, "config.search_old"
			args["version"], args["oldest"] = e.Version, meili.Oldest
		case meili.Away:
		}
	}
	args["setting"] = setting
	return &scene.Error{Code: code, Op: "app.CheckSearch", Key: key, Args: args, Err: err}
}

// openSearch opens the engine. A server that is away is no reason not to start:
// lists come from the rows, and the indexes are filled once it answers.
func (r *running) openSearch(ctx context.Context, a *App) error {
	r.engine = SearchEngine(&a.cfg, a.kit.Load().Lexicon, a.o.Now, r.lost)
	_, err := CheckSearch(ctx, &a.cfg, r.engine)
	if scene.CodeOf(err) == scene.Unavailable {
		r.log.WarnContext(ctx, "starting without the search server; lists come from the rows until it answers", "remedy", locale.Error(locale.En, err))
		return nil
	}
	return err
}

// lost has the indexes filled again after the search server was found without them.
func (r *running) lost(index string) {
	r.log.Warn("the search server no longer has an index; filling it again", "index", index)
	if x := r.index; x != nil {
		x.Forget()
	}
	r.stale.Store(true)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// checkSearch is what doctor says of the search server; nothing without one.
func (a *App) checkSearch(ctx context.Context) []Finding {
	if a.cfg.Search == "" {
		return nil
	}
	engine := SearchEngine(&a.cfg, a.kit.Load().Lexicon, a.o.Now, nil)
	defer func() { _ = engine.Close() }()
	server, err := CheckSearch(ctx, &a.cfg, engine)
	if err != nil {
		return []Finding{FindingOf("search", err)}
	}
	f := Finding{Check: "search", Status: Fine, Key: "doctor.search_ok", Args: map[string]any{"version": server.Version}}
	if server.Version == "" {
		f.Key = "doctor.search_limited"
	}
	if server.Unlimited {
		f.Status, f.Key = Warning, "doctor.search_unlimited"
		f.Args["prefix"] = a.cfg.SearchPrefix
	}
	return []Finding{f}
}
