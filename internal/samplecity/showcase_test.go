package samplecity

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/scene"
)

func TestShowcasesOfTheCity(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	list, err := Showcases(now)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 12 {
		t.Errorf("%d showcases", len(list))
	}
	rows, err := Load(now)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.NameEn == "" || s.Summary == "" || len(s.Figures) < 3 || s.Since == "" || len(s.Fields) == 0 || s.Investment.Max == 0 {
			t.Errorf("%s is not told in full: %+v", s.Name, s)
		}
		if s.Code != "" && !slices.ContainsFunc(rows, func(r scene.Row) bool { return r.Capability != nil && r.Label == s.Code && r.Org.Name == s.Provider }) {
			t.Errorf("%s: %s is no capability of %s", s.Name, s.Code, s.Provider)
		}
	}
}

// TestBatchesOfTheCity: a row of a batch was public when the batch was out, not before.
func TestBatchesOfTheCity(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	rows, err := Load(now)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.Listing().Batch]++
	}
	for _, b := range Batches(now) {
		if err := b.Validate(); err != nil || !b.Released(now) || counts[b.Name] < 30 {
			t.Errorf("%s: %d rows, %v", b.Name, counts[b.Name], err)
		}
	}
}
