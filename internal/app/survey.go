package app

import (
	"context"
	"encoding/json"
	"maps"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/survey"
	"jinghe/internal/transfer"
)

// SurveyRequest asks what a person should put right: in the city, or in a file
// before it comes in.
type SurveyRequest struct {
	Path    string            `json:"-"` // of the file; "" for the city
	Name    string            `json:"name,omitempty"`
	Source  string            `json:"source,omitempty"`
	Mapping map[string]string `json:"mapping,omitempty"` // as in ImportRequest
	Lang    locale.Lang       `json:"lang,omitempty"`
	Top     int               `json:"top,omitempty"` // entries of each sort; 0 means 200
}

// Survey looks over the listings of the city, or over the rows of a file, which
// it compares with them.
func (a *App) Survey(ctx context.Context, r SurveyRequest, progress func(done, total int)) (survey.Report, error) {
	if r.Path == "" {
		return a.surveyRows(ctx, nil, r, progress)
	}
	mapping, err := a.mapping(ctx, r.Source, r.Mapping)
	if err != nil {
		return survey.Report{}, scene.Wrap("app.Survey", err)
	}
	doc, err := transfer.ReadFile(ctx, r.Path, transfer.ReadOptions{
		Dictionaries: a.kit.Load().Dictionaries, Source: r.Source, Mapping: mapping, Now: a.o.Now(),
	})
	if err != nil {
		return survey.Report{}, scene.Wrap("app.Survey", err)
	}
	return a.surveyRows(ctx, append([]scene.Row{}, doc.Rows...), r, progress)
}

// surveyRows looks over rows, compared with those of the city, or over these
// where rows is nil.
func (a *App) surveyRows(ctx context.Context, rows []scene.Row, r SurveyRequest, progress func(done, total int)) (survey.Report, error) {
	kit := a.kit.Load()
	var stored []scene.Row
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		found, err := a.rows(ctx, ExportRequest{Kind: kind})
		if err != nil {
			return survey.Report{}, scene.Wrap("app.Survey", err)
		}
		stored = append(stored, found...)
	}
	fields, _ := kit.Dictionaries.Get(scene.DictField)
	o := survey.Options{Lang: r.Lang, Fields: fields.Terms, Top: r.Top, Progress: progress}
	if rows == nil {
		rows, stored = stored, nil
	}
	return survey.Look(ctx, kit.Engine, rows, stored, o)
}

// mappingKey is where the columns of a source are remembered.
func mappingKey(source string) string { return "mapping:" + source }

// mapping returns what is remembered of the columns of a source, with what is
// decided now laid over it.
func (a *App) mapping(ctx context.Context, source string, decided map[string]string) (map[string]transfer.Field, error) {
	mapping, err := transfer.ParseMapping(decided)
	if err != nil || source == "" {
		return mapping, err
	}
	var raw []byte
	err = a.store.View(ctx, func(tx store.Tx) (err error) {
		raw, err = tx.Settings().Get(ctx, mappingKey(source))
		return err
	})
	if err != nil || len(raw) == 0 {
		return mapping, err
	}
	remembered := map[string]transfer.Field{}
	if err := json.Unmarshal(raw, &remembered); err != nil {
		return nil, scene.Wrap("mapping of "+source, err)
	}
	maps.Copy(remembered, mapping)
	return remembered, nil
}

// Mapping returns what is remembered of the columns of a source, head to field.
func (a *App) Mapping(ctx context.Context, source string) (map[string]string, error) {
	mapping, err := a.mapping(ctx, source, nil)
	told := make(map[string]string, len(mapping))
	for head, field := range mapping {
		told[head] = string(field)
	}
	return told, scene.Wrap("app.Mapping", err)
}

// kindKey is where the side of the sheets of a source is remembered that do not
// say it themselves.
func kindKey(source string) string { return "kind:" + source }

// rememberedKind returns the side that was decided for a source, "" if none was.
func (a *App) rememberedKind(ctx context.Context, source string) (kind scene.Kind, err error) {
	if source == "" {
		return "", nil
	}
	err = a.store.View(ctx, func(tx store.Tx) error {
		raw, err := tx.Settings().Get(ctx, kindKey(source))
		kind = scene.Kind(raw)
		return err
	})
	return kind, err
}

// remember keeps the columns of a source, and the side of its sheets where it
// was decided, for its next list.
func (a *App) remember(ctx context.Context, source string, mapping map[string]transfer.Field, kind scene.Kind) error {
	raw, err := json.Marshal(mapping)
	if err != nil {
		return err
	}
	return a.store.Update(ctx, func(tx store.Tx) error {
		if kind != "" {
			if err := tx.Settings().Put(ctx, kindKey(source), []byte(kind)); err != nil {
				return err
			}
		}
		return tx.Settings().Put(ctx, mappingKey(source), raw)
	})
}
