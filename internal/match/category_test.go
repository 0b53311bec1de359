package match

import (
	"math"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

// tried is how well suggestions did on rows that have a field of use.
type tried struct {
	rows, first, among3, sure, sureRight int
	confidence                           float64 // sum over the sure ones
}

func (r *tried) count(p *Profile, list []Suggestion) {
	r.rows++
	if len(list) == 0 {
		return
	}
	right := func(s Suggestion) bool { return slices.Contains(p.Fields, s.Code) }
	if right(list[0]) {
		r.first++
	}
	if slices.ContainsFunc(list[:3], right) {
		r.among3++
	}
	if list[0].Confidence >= SuggestLeast {
		r.sure++
		r.confidence += list[0].Confidence
		if right(list[0]) {
			r.sureRight++
		}
	}
}

func of(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// TestCategoriesOfTheCity: each classified row of the (invented) sample city is
// judged by all others.
func TestCategoriesOfTheCity(t *testing.T) {
	t.Parallel()
	e, profiles, _ := cityProfiles(t)
	dict, _ := e.dicts.(*scene.Dictionaries).Get(scene.DictField)
	at := map[string]int{}
	for i, x := range dict.Terms {
		at[x.Code] = i
	}
	c, bare := e.Classifier(dict.Terms, profiles), e.Classifier(dict.Terms, nil)
	var r, plain tried
	for _, p := range profiles {
		if len(p.Fields) > 0 {
			r.count(p, c.suggestions(confidence(c.without(p, at), c.sharpness), 3))
			plain.count(p, bare.Suggest(p, 3))
		}
	}
	t.Logf("left out one by one, %d rows: first %.3f, among three %.3f; told for %.3f of the rows, right in %.3f of them (confidence %.3f)",
		r.rows, of(r.first, r.rows), of(r.among3, r.rows), of(r.sure, r.rows), of(r.sureRight, r.sure), r.confidence/float64(r.sure))
	t.Logf("by the dictionary alone: first %.3f, among three %.3f, told for %.3f, right in %.3f",
		of(plain.first, plain.rows), of(plain.among3, plain.rows), of(plain.sure, plain.rows), of(plain.sureRight, plain.sure))
	if of(r.first, r.rows) < 0.85 || of(r.among3, r.rows) < 0.94 {
		t.Errorf("too often wrong: %+v", r)
	}
	if of(r.sure, r.rows) < 0.8 || of(r.sureRight, r.sure) < 0.93 {
		t.Errorf("sure too rarely, or wrongly: %+v", r)
	}
	if gap := math.Abs(r.confidence/float64(r.sure) - of(r.sureRight, r.sure)); gap > 0.04 {
		t.Errorf("confidence is off by %.3f", gap)
	}
	if of(plain.first, plain.rows) < 0.55 || plain.sure > plain.rows/4 {
		t.Errorf("by the dictionary alone: %+v", plain)
	}
}

// TestSuggestion: confident where the words are clear, silent on the rest, and
// what is suggested names its words.
func TestSuggestion(t *testing.T) {
	t.Parallel()
	e, profiles, _ := cityProfiles(t)
	dict, _ := e.dicts.(*scene.Dictionaries).Get(scene.DictField)
	c := e.Classifier(dict.Terms, profiles)
	got := c.Suggest(e.Need(aNeed("供水管网漏损监测", "泵站余氯与管网压力监测，漏损定位到阀门井。"), nil), 3)
	if len(got) != 3 || got[0].Code != "smart_water" || got[0].Confidence < SuggestLeast || !slices.Contains(got[0].Words, "管网") {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{"希望提升管理水平", "合作", "A", "😀"} {
		if got := c.Suggest(e.Need(aNeed(name, ""), nil), 1); len(got) > 0 && got[0].Confidence >= SuggestLeast {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := c.Suggest(e.Need(aNeed("", ""), nil), 3); got != nil {
		t.Errorf("of nothing: %+v", got)
	}
	if got := e.Classifier(nil, profiles).Suggest(profiles[0], 3); got != nil {
		t.Errorf("without a dictionary: %+v", got)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	a, b := aNeed("积水监测", "积水20cm时报警，误差1.5cm。"), aNeed("积水监测", "积水３０ｃｍ时报警，误差1.5cm，共12处。")
	b.OrgName, b.Budget.Max = "丙方", 80*scene.Wan
	b.Schedule.Max, b.Regions = 6, []string{"320211"}
	got := map[string]Difference{}
	for _, d := range e.Differences(e.Need(a, nil), e.Need(b, nil), "zh") {
		got[d.Key] = d
	}
	want := map[string]Difference{
		"organisation": {"organisation", "甲方", "丙方"}, "budget": {"budget", "", "80 万元以内"}, "time": {"time", "", "6 个月以内"},
		"place": {"place", "", "〈320211〉"}, "figures": {"figures", "20", "30 12"},
	}
	if len(got) != len(want) {
		t.Errorf("%+v", got)
	}
	for key, d := range want {
		if got[key] != d {
			t.Errorf("%s: %+v, want %+v", key, got[key], d)
		}
	}
	if same := e.Differences(e.Need(a, nil), e.Need(a, nil), "zh"); len(same) > 0 {
		t.Errorf("of the same: %+v", same)
	}
}
