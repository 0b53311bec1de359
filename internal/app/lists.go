package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/transfer"
)

// Import reads the file at r.Path and brings its rows in. What the reader of
// the file has to say comes first among the report's problems.
func (a *App) Import(ctx context.Context, r ImportRequest, progress func(done, total int)) (registry.Report, error) {
	digest, err := digestOf(r.Path)
	if err != nil {
		return registry.Report{}, err
	}
	report, _, err := a.bring(ctx, listFile{digest: digest, read: func(ctx context.Context, o transfer.ReadOptions) (transfer.Document, error) {
		return transfer.ReadFile(ctx, r.Path, o)
	}}, r, progress)
	return report, scene.Wrap("app.Import", err)
}

// listFile is a list, wherever it lies.
type listFile struct {
	digest string     // SHA-256, hex
	kind   scene.Kind // of sheets that do not say; "" is not known
	read   func(ctx context.Context, o transfer.ReadOptions) (transfer.Document, error)
}

// bring reads a list and imports its rows, remembering what was decided of its
// columns. The document is also there when it could not be understood.
func (a *App) bring(ctx context.Context, list listFile, r ImportRequest, progress func(done, total int)) (registry.Report, transfer.Document, error) {
	mapping, err := a.mapping(ctx, r.Source, r.Mapping)
	if err != nil {
		return registry.Report{}, transfer.Document{}, err
	}
	if list.kind == "" {
		if list.kind, err = a.rememberedKind(ctx, r.Source); err != nil {
			return registry.Report{}, transfer.Document{}, err
		}
	}
	doc, err := list.read(ctx, transfer.ReadOptions{
		Kind: list.kind, Dictionaries: a.kit.Load().Dictionaries, Source: r.Source, Mapping: mapping, Now: a.o.Now(), Progress: progress,
	})
	if err != nil {
		return registry.Report{}, doc, err
	}
	if len(r.Mapping) > 0 && r.Source != "" && !r.DryRun {
		if err := a.remember(ctx, r.Source, mapping, list.kind); err != nil {
			return registry.Report{}, doc, err
		}
	}
	report, err := a.reg.Import(ctx, doc.Rows, registry.ImportOptions{
		File: r.Name, Digest: list.digest, Source: r.Source, Batch: r.Batch, State: r.State,
		Actor: r.Actor, DryRun: r.DryRun, Problems: doc.Problems, Progress: progress,
	})
	return report, doc, err
}

func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", unreadable(path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Imports lists the newest import jobs, at most 100.
func (a *App) Imports(ctx context.Context) ([]scene.Import, error) {
	rows, err := a.reg.Imports(ctx, store.Page{Limit: 100})
	return rows.Items, scene.Wrap("app.Imports", err)
}

// UndoImport takes back what a job did.
func (a *App) UndoImport(ctx context.Context, job scene.ID) (registry.UndoReport, error) {
	return a.reg.UndoImport(ctx, job, "cli")
}

// Export writes the listings of one kind in a layout that imports back
// unchanged, contacts masked.
func (a *App) Export(ctx context.Context, r ExportRequest, w io.Writer) (transfer.Written, error) {
	rows, err := a.rows(ctx, r)
	if err != nil {
		return transfer.Written{}, scene.Wrap("app.Export", err)
	}
	written, err := transfer.Write(ctx, w, transfer.Format(r.Format), transfer.Layout(r.Layout), rows,
		transfer.WriteOptions{Dictionaries: a.kit.Load().Dictionaries})
	return written, scene.Wrap("app.Export", err)
}

// rows reads what an export writes, each listing with its organisation.
func (a *App) rows(ctx context.Context, r ExportRequest) ([]scene.Row, error) {
	f := store.ListingFilter{Batch: r.Batch, Source: r.Source}
	var rows []scene.Row
	page := store.Page{Limit: 1000}
	for {
		var next string
		err := a.store.View(ctx, func(tx store.Tx) error {
			switch r.Kind {
			case scene.KindOpportunity:
				found, err := tx.Opportunities().List(ctx, f, page)
				for i := range found.Items {
					rows = append(rows, scene.Row{Opportunity: &found.Items[i]})
				}
				next = found.Next
				return err
			case scene.KindCapability:
				found, err := tx.Capabilities().List(ctx, f, page)
				for i := range found.Items {
					rows = append(rows, scene.Row{Capability: &found.Items[i]})
				}
				next = found.Next
				return err
			}
			return &scene.Error{Code: scene.Invalid, Key: "search.kind", Args: map[string]any{"value": string(r.Kind)}}
		})
		if err != nil {
			return nil, err
		}
		if page.After = next; next == "" {
			return rows, a.addOrganisations(ctx, rows)
		}
	}
}

func (a *App) addOrganisations(ctx context.Context, rows []scene.Row) error {
	at := map[scene.ID]*scene.Organisation{}
	return a.store.View(ctx, func(tx store.Tx) error {
		page := store.Page{Limit: 1000}
		for {
			orgs, err := tx.Organisations().List(ctx, page)
			if err != nil {
				return err
			}
			for i := range orgs.Items {
				at[orgs.Items[i].ID] = &orgs.Items[i]
			}
			if page.After = orgs.Next; page.After == "" {
				break
			}
		}
		for i := range rows {
			l := rows[i].Listing()
			rows[i].Org.Name = l.OrgName
			if o := at[l.OrgID]; o != nil {
				rows[i].Org = *o
			}
		}
		return nil
	})
}

// Rematch makes the lists of the whole market anew, while answers are live,
// until ctx ends; what was made by then stays.
func (a *App) Rematch(ctx context.Context, progress func(done, total int)) error {
	if a.running == nil {
		return &scene.Error{Code: scene.Precondition, Op: "app.Rematch", Key: "matches.not_running"}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.running.alive, cancel)()
	return scene.Wrap("app.Rematch", a.running.markets.lists.remake(ctx, progress))
}

// Reindex builds the indexes of a running App anew, while they answer.
func (a *App) Reindex(ctx context.Context, progress func(done, total int)) error {
	if a.running == nil {
		return &scene.Error{Code: scene.Precondition, Op: "app.Reindex", Key: "search.not_running"}
	}
	return a.running.index.Rebuild(ctx, progress)
}
