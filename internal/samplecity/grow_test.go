package samplecity_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// TestGrow: as many as asked for, valid, open, told apart, the same again with the
// same seed and not with another.
func TestGrow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	size := samplecity.Size{Organisations: 120, Needs: 300, Offers: 900}
	grown := func(seed uint64) []scene.Row {
		t.Helper()
		rows, err := samplecity.Grow(now, size, seed)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Collect(rows)
	}
	rows := grown(1)
	if len(rows) != size.Needs+size.Offers {
		t.Fatalf("%d rows", len(rows))
	}
	orgs, names, texts := map[string]scene.CreditCode{}, map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		l := *r.Listing()
		l.State, l.ID, l.Revision = scene.Published, "x", 1
		if r.Opportunity != nil {
			o := *r.Opportunity
			o.Listing = l
			texts[o.Need] = true
			if err := o.Validate(); err != nil {
				t.Fatalf("%s: %v", l.Code, err)
			}
		} else {
			c := *r.Capability
			c.Listing = l
			texts[c.Description] = true
			if err := c.Validate(); err != nil {
				t.Fatalf("%s: %v", l.Code, err)
			}
		}
		if !l.Open(now) {
			t.Errorf("%s is not open", l.Code)
		}
		names[l.Name] = true
		orgs[r.Org.Name] = r.Org.CreditCode
	}
	if len(names) != len(rows) || len(texts) < len(rows)*99/100 {
		t.Errorf("%d names and %d texts of %d rows", len(names), len(texts), len(rows))
	}
	if len(orgs) < size.Organisations*9/10 || len(orgs) > size.Organisations {
		t.Errorf("%d organisations, want about %d", len(orgs), size.Organisations)
	}
	if !reflect.DeepEqual(rows[:50], grown(1)[:50]) {
		t.Error("the same seed gives other rows")
	}
	if reflect.DeepEqual(rows[:50], grown(2)[:50]) {
		t.Error("another seed gives the same rows")
	}
}
