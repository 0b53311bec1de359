package broker_test

import (
	"slices"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// TestJudging: of an entry that the market does not hold it tells which ones say
// nearly the same, and most fields that are taken away from entries come back as
// suggestions.
func TestJudging(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	rows, err := samplecity.Load(now())
	if err != nil {
		t.Fatal(err)
	}
	var needs, kept []*scene.Opportunity
	for i := range rows {
		if o := rows[i].Opportunity; o != nil {
			o.ID, o.State = scene.ID(rows[i].Label), scene.Published
			if len(o.Fields) > 0 && o.Code != "JH-WA01" && i%4 == 0 {
				kept = append(kept, o) // from the market, to be asked about
				continue
			}
			needs = append(needs, o)
			err = m.PutNeed(t.Context(), o, &rows[i].Org)
		} else if c := rows[i].Capability; c != nil {
			c.ID, c.State = scene.ID(rows[i].Label), scene.Published
			err = m.PutOffer(t.Context(), c, &rows[i].Org)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	waiting := *needs[slices.IndexFunc(needs, func(o *scene.Opportunity) bool { return o.Code == "JH-WA01" })]
	waiting.ID, waiting.State, waiting.Code = "waiting", scene.Submitted, ""
	found, err := m.SimilarToNeed(t.Context(), &waiting, nil, broker.Options{Now: now()})
	if err != nil || len(found) != 1 || found[0].Listing.Code != "JH-WA01" {
		t.Errorf("%+v %v", found, err)
	}
	offer := scene.Capability{Listing: scene.Listing{ID: "new", Name: "无人机表演", State: scene.Draft}, Description: "夜间编队飞行表演。"}
	if found, err := m.SimilarToOffer(t.Context(), &offer, nil, broker.Options{Now: now()}); err != nil || len(found) > 0 {
		t.Errorf("%+v %v", found, err)
	}

	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	terms, _ := dicts.Get(scene.DictField)
	classifier, engine, right := m.Classifier(terms.Terms), newEngine(t), 0
	for _, o := range kept {
		bare := *o
		bare.Fields = nil
		if slices.ContainsFunc(classifier.Suggest(engine.Need(&bare, nil), 3), func(s match.Suggestion) bool { return slices.Contains(o.Fields, s.Code) }) {
			right++
		}
	}
	if len(kept) < 8 || right*5 < len(kept)*4 {
		t.Errorf("of %d entries the field of %d is among three suggestions", len(kept), right)
	}
}
