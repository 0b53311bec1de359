package app

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"jinghe/internal/embedder"
)

// openEmbedder opens the outside model, if one is configured.
func (r *running) openEmbedder(_ context.Context, a *App) (err error) {
	if a.cfg.EmbedderURL == "" {
		return nil
	}
	r.model, err = embedder.New(embedder.Config{
		URL: a.cfg.EmbedderURL, Model: a.cfg.EmbedderModel, Key: a.cfg.EmbedderKey, Dimensions: a.cfg.EmbedderDimensions,
		Dir: filepath.Join(a.cfg.Data, "embeddings"), Now: a.o.Now,
	})
	return err
}

// embeds is the probe of the model: pages work without it.
func (r *running) embeds(ctx context.Context) error {
	if r.model == nil {
		return nil
	}
	return r.model.Check(ctx)
}

// checkEmbedder tells whether the model answers, once a server runs.
func (a *App) checkEmbedder(ctx context.Context) Finding {
	switch {
	case a.cfg.EmbedderURL == "":
		return Finding{Check: "embedder", Status: Fine, Key: "doctor.embedder_off"}
	case a.running == nil:
		return Finding{Check: "embedder", Status: Fine, Key: "doctor.embedder_idle"}
	}
	if err := a.running.embeds(ctx); err != nil {
		f := FindingOf("embedder", err)
		f.Status = Warning
		return f
	}
	return Finding{Check: "embedder", Status: Fine, Key: "doctor.embedder_ok", Args: map[string]any{"model": a.cfg.EmbedderModel}}
}

const (
	embedPause = time.Second      // rows that come together are asked about together
	embedAgain = 30 * time.Second // after a failure; the model itself is spared for longer
)

// keepEmbedded has the model place the rows when some came, and again after it
// failed, until ctx ends. The market that answers goes on meanwhile.
func (m *markets) keepEmbedded(ctx context.Context, log *slog.Logger) {
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.fresh:
		case <-again:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(embedPause):
		}
		again = nil
		if err := m.embed(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the embedding model is away; matching goes on by words", "error", err)
			again = time.After(embedAgain)
		}
	}
}

// embed has the model place the rows of the market that answers; lists that were
// made without are made again.
func (m *markets) embed(ctx context.Context) error {
	one, done := m.acquire()
	defer done()
	before := one.ListVersion()
	if err := one.Embed(ctx, m.model); err != nil {
		return err
	}
	if m.lists != nil && one.ListVersion() != before {
		m.lists.ask()
	}
	return nil
}

// refresh has keepEmbedded ask; asking again before it began changes nothing.
func (m *markets) refresh() { signal(m.fresh) }
