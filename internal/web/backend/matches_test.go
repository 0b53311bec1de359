package backend

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// talker is a matcher whose every sentence holds a telephone number.
type talker struct{ ranking match.Ranking }

func (t talker) OffersFor(context.Context, scene.ID, Matching) (match.Ranking, error) {
	return t.ranking, nil
}

func (t talker) NeedsFor(context.Context, scene.ID, Matching) (match.Ranking, error) {
	return t.ranking, nil
}

func (t talker) ForDraft(context.Context, Draft, Matching) (match.Ranking, error) {
	return t.ranking, nil
}

func TestVisitorMatches(t *testing.T) {
	t.Parallel()
	const phone = "13912345678"
	ref := match.Ref{ID: "x", Name: "桥梁 " + phone, Org: "示例单位 " + phone}
	gap := match.Gap{Clause: "indicator:" + phone, Have: phone, Want: phone, Advice: "请致电 " + phone}
	all := talker{match.Ranking{
		Need: ref, Version: "v1",
		Clarity: &match.Clarity{Advice: []match.Advice{{Advice: "“" + phone + "”", Passage: &match.Evidence{Text: phone}}}},
		Matches: []match.Match{{
			Offer: ref, Score: 0.5, Reason: "请致电 " + phone, Gaps: []match.Gap{gap}, Moved: &match.Moved{Text: phone},
			Parts: []match.Part{{Name: "terms", Evidence: []match.Evidence{{Field: "need", Start: 3, End: 16, Text: "电话" + phone}}}},
		}},
		Excluded: []match.Exclusion{{Offer: ref, Clauses: []match.Gap{gap}}},
		Consortium: &match.Consortium{
			Members: []match.Member{{Offer: ref}},
			Clauses: []match.Covered{{Clause: phone, Want: phone, Have: phone, Offer: &ref, Evidence: []match.Evidence{{Text: phone}}}},
		},
		Changes: []match.Change{{From: phone, To: phone, Text: phone, Offers: []match.Ref{ref}}},
	}}
	v := VisitorMatches(all)
	for name, ask := range map[string]func(context.Context, scene.ID, Matching) (match.Ranking, error){
		"Offers": v.OffersFor, "Needs": v.NeedsFor,
		"Draft": func(ctx context.Context, _ scene.ID, q Matching) (match.Ranking, error) {
			return v.ForDraft(ctx, Draft{}, q)
		},
	} {
		got, err := ask(t.Context(), "x", Matching{Top: 5})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), phone) || !strings.Contains(string(raw), "电话***********") {
			t.Errorf("%s: %s", name, raw)
		}
	}
	if all.ranking.Matches[0].Parts[0].Evidence[0].Text != "电话"+phone || all.ranking.Excluded[0].Clauses[0].Have != phone ||
		all.ranking.Clarity.Advice[0].Passage.Text != phone {
		t.Error("the ranking that the matcher keeps was changed")
	}
}
