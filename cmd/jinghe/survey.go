package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jinghe/internal/app"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/transfer"
)

const (
	surveyShown  = 8 // entries of each sort after a dry run
	lackingShown = 5 // what is missing most often
	namesShown   = 5 // of what one listing lacks
)

// lists looks over the lists of the city, for people, programs or a workbook.
func (cmd *doctorCmd) lists(ctx context.Context, con *console) error {
	op, err := con.operator(ctx, cmd.Config)
	if err != nil {
		return err
	}
	defer con.close(op)
	tell, end := con.progress(con.text("survey.title", nil))
	top := 0
	if cmd.Out != "" || cmd.JSON {
		top = 10_000
	}
	report, err := op.Survey(ctx, app.SurveyRequest{Lang: con.lang, Top: top}, tell)
	end()
	switch {
	case err != nil:
		return err
	case cmd.JSON:
		return con.writeTo(cmd.Out, func(w io.Writer) error { return json.NewEncoder(w).Encode(report) })
	case cmd.Out != "":
		return con.writeTo(cmd.Out, func(w io.Writer) error {
			return transfer.WriteTables(ctx, w, []transfer.Table{unclearTable(con, &report), twinTable(con, &report), unfiledTable(con, &report)})
		})
	}
	printSurvey(con, &report, len(report.Unclear)+len(report.Twins)+len(report.Unfiled))
	return nil
}

// printSurvey tells what a person should put right, so many entries of each sort.
func printSurvey(con *console, r *survey.Report, shown int) {
	say := func(key string, args map[string]any) { fmt.Fprintln(con.out, con.text(key, args)) }
	say("survey.clarity", map[string]any{
		"needs": r.Needs, "offers": r.Offers, "mean": percent(r.Clarity), "vague": r.Vague, "unclear": r.UnclearCount,
	})
	if lacking := mostLacking(con, r); lacking != "" {
		say("survey.lacking", map[string]any{"list": lacking})
	}
	for _, u := range r.Unclear[:min(len(r.Unclear), shown)] {
		say("survey.unclear", map[string]any{
			"code": u.Code, "name": u.Name, "org": u.Org, "score": percent(u.Clarity.Score), "lacking": lackingNames(con, u.Clarity),
		})
	}
	more(con, r.UnclearCount, shown)
	say("survey.twins", map[string]any{"count": r.TwinCount})
	for _, x := range r.Twins[:min(len(r.Twins), shown)] {
		say("survey.twin", map[string]any{
			"similarity": percent(x.Similarity), "first": placeText(x.First), "second": placeText(x.Second), "differs": differences(con, x.Differences),
		})
	}
	more(con, r.TwinCount, shown)
	say("survey.unfiled", map[string]any{"count": r.UnfiledCount, "suggested": len(r.Unfiled)})
	for _, u := range r.Unfiled[:min(len(r.Unfiled), shown)] {
		say("survey.suggestion", map[string]any{
			"code": u.Code, "name": u.Name, "field": u.Label, "confidence": percent(u.Suggestions[0].Confidence),
			"words": strings.Join(u.Suggestions[0].Words, con.text("list.separator", nil)),
		})
	}
	more(con, len(r.Unfiled), shown)
}

func more(con *console, all, shown int) {
	if all > shown {
		fmt.Fprintln(con.out, con.text("survey.more", map[string]any{"count": all - shown}))
	}
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + "%" }

func placeText(p survey.Place) string {
	return strings.TrimSpace(p.Code+" "+p.Name) + "（" + p.Org + "）"
}

// mostLacking names what is missing most often: “预算 31、技术指标 12”.
func mostLacking(con *console, r *survey.Report) string {
	keys := slices.Collect(maps.Keys(r.Lacking))
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(r.Lacking[b], r.Lacking[a]), cmp.Compare(a, b)) })
	var parts []string
	for _, k := range keys[:min(len(keys), lackingShown)] {
		name, _, _ := strings.Cut(k, ".")
		parts = append(parts, con.text("web.clarity.name."+name, nil)+" "+strconv.Itoa(r.Lacking[k]))
	}
	return strings.Join(parts, con.text("list.separator", nil))
}

// lackingNames names what helps one listing most.
func lackingNames(con *console, c match.Clarity) string {
	var names []string
	for _, a := range c.Advice[:min(len(c.Advice), namesShown)] {
		key, _, _ := strings.Cut(a.Key, ".")
		if name := con.text("web.clarity.name."+key, nil); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, con.text("list.separator", nil))
}

// adviceCell is all advice on a listing, a line each, with examples.
func adviceCell(con *console, c match.Clarity) string {
	lines := make([]string, len(c.Advice))
	for i, a := range c.Advice {
		lines[i] = a.Advice
		if a.Example != "" {
			lines[i] += con.text("web.clarity.example", nil) + a.Example
		}
	}
	return strings.Join(lines, "\n")
}

func differences(con *console, list []match.Difference) string {
	if len(list) == 0 {
		return con.text("survey.same", nil)
	}
	var parts []string
	for _, d := range list {
		first, second := scene.Redact(d.First), scene.Redact(d.Second)
		parts = append(parts, con.text("survey.differs", map[string]any{
			"what": con.text("survey.key."+d.Key, nil), "first": cmp.Or(first, "—"), "second": cmp.Or(second, "—"),
		}))
	}
	return strings.Join(parts, con.text("survey.and", nil))
}

func heads(con *console, keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = con.text("survey.head."+k, nil)
	}
	return out
}

func unclearTable(con *console, r *survey.Report) transfer.Table {
	t := transfer.Table{
		Name: con.text("survey.sheet.unclear", nil), Heads: heads(con, "kind", "code", "name", "org", "clarity", "advice"),
		Widths: []float64{10, 14, 30, 26, 8, 80},
	}
	for _, u := range r.Unclear {
		t.Rows = append(t.Rows, []string{
			kindText(con, u.Kind), u.Code, u.Name, u.Org, percent(u.Clarity.Score), adviceCell(con, u.Clarity),
		})
	}
	return t
}

func twinTable(con *console, r *survey.Report) transfer.Table {
	t := transfer.Table{
		Name: con.text("survey.sheet.twins", nil), Heads: heads(con, "kind", "similarity", "code", "name", "org", "code2", "name2", "org2", "differs"),
		Widths: []float64{10, 8, 14, 30, 26, 14, 30, 26, 60},
	}
	for _, x := range r.Twins {
		t.Rows = append(t.Rows, []string{
			kindText(con, x.First.Kind), percent(x.Similarity), x.First.Code, x.First.Name, x.First.Org, x.Second.Code, x.Second.Name, x.Second.Org,
			differences(con, x.Differences),
		})
	}
	return t
}

func unfiledTable(con *console, r *survey.Report) transfer.Table {
	t := transfer.Table{
		Name: con.text("survey.sheet.unfiled", nil), Heads: heads(con, "kind", "code", "name", "org", "category", "field", "confidence", "words"),
		Widths: []float64{10, 14, 30, 26, 16, 16, 8, 40},
	}
	for _, u := range r.Unfiled {
		t.Rows = append(t.Rows, []string{
			kindText(con, u.Kind), u.Code, u.Name, u.Org, u.Category, u.Label, percent(u.Suggestions[0].Confidence),
			strings.Join(u.Suggestions[0].Words, con.text("list.separator", nil)),
		})
	}
	return t
}

func kindText(con *console, k scene.Kind) string { return con.text("survey.kind."+string(k), nil) }
