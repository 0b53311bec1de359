package app

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
)

const (
	// draftReaders bounds the workbooks that are read for forms at one time.
	draftReaders = 2
	// draftRows bounds the rows that are read of one; what is beyond is not offered.
	draftRows = 5_000
)

// drafting helps those who write an entry, by the words in force.
type drafting struct {
	a    *App
	turn chan struct{} // held while a workbook is read
}

var _ backend.Drafting = (*drafting)(nil)

func newDrafting(a *App) *drafting {
	return &drafting{a: a, turn: make(chan struct{}, draftReaders)}
}

// Clarity judges an entry that need not be stored.
func (d *drafting) Clarity(ctx context.Context, e *registry.Entry, lang locale.Lang) (match.Clarity, error) {
	var org *scene.Organisation
	if id := e.Listing().OrgID; id != "" {
		o, err := d.a.reg.Organisation(ctx, id)
		if err != nil {
			return match.Clarity{}, scene.Wrap("app.Clarity", err)
		}
		org = &o
	}
	engine := d.a.kit.Load().Engine
	if e.Opportunity != nil {
		return engine.Clarity(engine.Need(e.Opportunity, org), lang), nil
	}
	return engine.Clarity(engine.Offer(e.Capability, org), lang), nil
}

// Rows reads the entries of a kind from a list.
func (d *drafting) Rows(ctx context.Context, kind scene.Kind, file string, content []byte) ([]registry.Entry, error) {
	file = filepath.Base(strings.ReplaceAll(file, `\`, "/"))
	if len(content) > backend.MaxDraftFile {
		return nil, &scene.Error{Code: scene.TooLarge, Op: "app.Rows", Key: "upload.too_large", Args: map[string]any{
			"file": file, "limit": fmt.Sprintf("%d MiB", backend.MaxDraftFile>>20),
		}}
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	default:
		return nil, &scene.Error{Code: scene.TooMany, Op: "app.Rows", Key: "upload.busy"}
	}
	doc, err := transfer.Read(ctx, file, bytes.NewReader(content), int64(len(content)), transfer.ReadOptions{
		Kind: kind, Dictionaries: d.a.kit.Load().Dictionaries, Now: d.a.o.Now(), Limits: transfer.Limits{Rows: draftRows},
	})
	if err != nil {
		return nil, scene.Wrap("app.Rows", err)
	}
	var found []registry.Entry
	for _, row := range doc.Rows {
		if row.Kind() == kind && len(found) < backend.MaxDraftRows {
			found = append(found, registry.Entry{Opportunity: row.Opportunity, Capability: row.Capability})
		}
	}
	if len(found) == 0 {
		return nil, &scene.Error{Code: scene.Invalid, Op: "app.Rows", Key: "scratch.no_rows", Args: map[string]any{"file": file}}
	}
	return found, nil
}
