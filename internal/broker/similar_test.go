package broker_test

import (
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// TestSimilar: the copy of a need in another list is told, with what differs; one
// that is not open is nobody's business; nothing else of the city is like it.
func TestSimilar(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	rows, err := samplecity.Load(now())
	if err != nil {
		t.Fatal(err)
	}
	var original, first *scene.Opportunity
	for i := range rows {
		if o := rows[i].Opportunity; o != nil {
			o.ID, o.State = scene.ID(rows[i].Label), scene.Published
			if o.Code == "JH-WA01" {
				original = o
			}
			if first == nil {
				first = o
			}
			if err := m.PutNeed(t.Context(), o, &rows[i].Org); err != nil {
				t.Fatal(err)
			}
		} else if c := rows[i].Capability; c != nil {
			c.ID, c.State = scene.ID(rows[i].Label), scene.Published
			if err := m.PutOffer(t.Context(), c, &rows[i].Org); err != nil {
				t.Fatal(err)
			}
		}
	}
	copied, hidden := *original, *original
	copied.ID, copied.Code, copied.OrgName, copied.Targets = "copy", "B-1", "邻市供水公司", "漏点定位误差≤2.5米"
	hidden.ID, hidden.State = "hidden", scene.Submitted
	for _, o := range []*scene.Opportunity{&copied, &hidden} {
		if err := m.PutNeed(t.Context(), o, nil); err != nil {
			t.Fatal(err)
		}
	}
	found, err := m.SimilarNeeds(t.Context(), original.ID, broker.Options{Now: now()})
	if err != nil || len(found) != 1 || found[0].Listing.ID != "copy" || found[0].Similarity < 0.8 {
		t.Fatalf("%+v %v", found, err)
	}
	keys := map[string]bool{}
	for _, d := range found[0].Differences {
		keys[d.Key] = true
	}
	if !keys["organisation"] || !keys["figures"] || keys["budget"] {
		t.Errorf("%+v", found[0].Differences)
	}
	if found, err := m.SimilarNeeds(t.Context(), first.ID, broker.Options{Now: now()}); err != nil || len(found) > 0 {
		t.Errorf("%+v %v", found, err)
	}
	if _, err := m.SimilarOffers(t.Context(), "none", broker.Options{}); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("%v", err)
	}
}
