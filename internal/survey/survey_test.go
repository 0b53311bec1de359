package survey_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/search/lexicon"
)

func engine(t *testing.T) (*match.Engine, *scene.Dictionaries) {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	weights, err := match.DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	e, err := match.New(lex, dicts, weights)
	if err != nil {
		t.Fatal(err)
	}
	return e, dicts
}

func city(t *testing.T) []scene.Row {
	t.Helper()
	rows, err := samplecity.Load(time.Date(2026, 5, 8, 9, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestLookAtTheCity(t *testing.T) {
	t.Parallel()
	e, dicts := engine(t)
	manifest, err := samplecity.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	fields, _ := dicts.Get(scene.DictField)
	rows := city(t)
	var told int
	r, err := survey.Look(t.Context(), e, rows, nil, survey.Options{Fields: fields.Terms, Progress: func(done, _ int) { told = done }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Needs+r.Offers != len(rows) || told != len(rows) {
		t.Errorf("%d needs, %d offers of %d rows, %d told", r.Needs, r.Offers, len(rows), told)
	}
	vague := 0
	for _, row := range rows {
		if row.Opportunity != nil && slices.Contains(manifest.Flaws[samplecity.Vague], row.Label) {
			vague++
		}
	}
	if r.Vague != vague || r.Clarity <= 0.5 || r.Clarity >= 1 || r.Lacking["budget"] < vague {
		t.Errorf("%d vague, %d are; mean %.2f; %v", r.Vague, vague, r.Clarity, r.Lacking)
	}
	for _, u := range r.Unclear[:2*vague-4] {
		if !slices.Contains(manifest.Flaws[samplecity.Vague], u.Code) {
			t.Errorf("%s is among the least clear: %.2f", u.Code, u.Clarity.Score)
		}
	}
	if r.UnfiledCount == 0 || len(r.Unfiled) > r.UnfiledCount {
		t.Errorf("%d of %d suggested", len(r.Unfiled), r.UnfiledCount)
	}
	for _, u := range r.Unfiled {
		if u.Label == "" || u.Suggestions[0].Confidence < match.SuggestLeast {
			t.Errorf("%+v", u)
		}
	}
	for _, x := range r.Twins {
		if manifest.Twin[x.Second.Code] != x.First.Code {
			t.Errorf("%s and %s are no twins", x.First.Code, x.Second.Code)
		}
	}
}

// TestLookAtAFile: rows of another city's list are told as looking like what is
// stored; a row that is the stored entry itself is not.
func TestLookAtAFile(t *testing.T) {
	t.Parallel()
	e, dicts := engine(t)
	fields, _ := dicts.Get(scene.DictField)
	stored := city(t)
	file := city(t)[:3]
	for i := range stored {
		stored[i].Listing().ID = scene.ID("stored-" + stored[i].Label)
	}
	for i := range file[1:] { // the first stays the entry itself
		l := file[1+i].Listing()
		l.OrgName, l.Code, l.Source, l.Fields = "邻市示范单位", "", "邻市", nil
		file[1+i].Org = scene.Organisation{Name: l.OrgName}
	}
	r, err := survey.Look(t.Context(), e, file, stored, survey.Options{Lang: locale.En, Fields: fields.Terms})
	if err != nil {
		t.Fatal(err)
	}
	if r.TwinCount != 2 || len(r.Twins) != 2 || r.Needs != 3 {
		t.Fatalf("%+v", r.Twins)
	}
	for _, x := range r.Twins {
		if x.First.ID == "" || x.Second.ID != "" || x.SameOrg || x.Similarity < 0.9 {
			t.Errorf("%+v", x)
		}
		if len(x.Differences) != 1 || x.Differences[0].Key != "organisation" || x.Differences[0].Second != "邻市示范单位" {
			t.Errorf("%+v", x.Differences)
		}
	}
	if r.UnfiledCount != 2 || len(r.Unfiled) == 0 || r.Unfiled[0].Label != "Smart transport" {
		t.Errorf("%d %+v", r.UnfiledCount, r.Unfiled)
	}
}

func TestLookAtOddLists(t *testing.T) {
	t.Parallel()
	e, _ := engine(t)
	r, err := survey.Look(t.Context(), e, nil, nil, survey.Options{})
	if err != nil || r.Clarity != 0 || r.Unclear == nil || r.Twins == nil {
		t.Errorf("%+v %v", r, err)
	}
	many := make([]scene.Row, 50)
	for i := range many {
		many[i].Opportunity = &scene.Opportunity{Listing: scene.Listing{Name: "合作"}}
	}
	if r, err = survey.Look(t.Context(), e, many, nil, survey.Options{Top: 5}); err != nil || len(r.Unclear) != 5 || r.UnclearCount != 50 || r.Vague != 50 {
		t.Errorf("%d of %d, %v", len(r.Unclear), r.UnclearCount, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := survey.Look(ended, e, many, nil, survey.Options{}); err == nil {
		t.Error("an ended context is no error")
	}
}
