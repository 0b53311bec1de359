package scene_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
)

func TestAmend(t *testing.T) {
	t.Parallel()
	held := scene.Vocabulary{
		Words: []scene.Word{{Word: "数字孪生体", Synonyms: []string{"数字双胞胎"}}, {Word: "赋能", Stop: true}},
		Crosswalks: []scene.Crosswalk{{From: "field", To: "industry", Links: []scene.Link{
			{From: "smart_water", To: "iot", Weight: 0.5}, {From: "smart_water", To: "green", Weight: 1},
		}}},
	}
	link := func(from, to string, weight float64) *scene.Join {
		return &scene.Join{FromDict: "field", ToDict: "industry", Link: scene.Link{From: from, To: to, Weight: weight}}
	}
	for name, tc := range map[string]struct {
		change scene.Amendment
		want   scene.Vocabulary
		code   scene.Code
		field  string
	}{
		"Added": {
			change: scene.Amendment{Put: &scene.Word{Word: " 久卧监测 ", Synonyms: []string{"卧床监测", " ", "卧床监测", "久卧监测"}}},
			want:   scene.Vocabulary{Words: append(append([]scene.Word{}, held.Words...), scene.Word{Word: "久卧监测", Synonyms: []string{"卧床监测"}})},
		},
		"RewrittenNotTwice": {
			change: scene.Amendment{Put: &scene.Word{Word: "数字孪生体"}},
			want:   scene.Vocabulary{Words: []scene.Word{{Word: "赋能", Stop: true}, {Word: "数字孪生体"}}},
		},
		"TakenBack":        {change: scene.Amendment{Drop: "赋能"}, want: scene.Vocabulary{Words: held.Words[:1]}},
		"NoWord":           {change: scene.Amendment{Put: &scene.Word{Word: "  "}}, code: scene.Invalid, field: "word"},
		"StopWithSynonyms": {change: scene.Amendment{Put: &scene.Word{Word: "赋能", Stop: true, Synonyms: []string{"助力"}}}, code: scene.Invalid, field: "synonyms"},
		"NotThere":         {change: scene.Amendment{Drop: "没有"}, code: scene.NotFound},
		"Joined": {
			change: scene.Amendment{Join: link("smart_water", "iot", 0.9)},
			want: scene.Vocabulary{Crosswalks: []scene.Crosswalk{{From: "field", To: "industry", Links: []scene.Link{
				{From: "smart_water", To: "green", Weight: 1}, {From: "smart_water", To: "iot", Weight: 0.9},
			}}}},
		},
		"Parted": {
			change: scene.Amendment{Part: link("smart_water", "iot", 0)},
			want:   scene.Vocabulary{Crosswalks: []scene.Crosswalk{{From: "field", To: "industry", Links: held.Crosswalks[0].Links[1:]}}},
		},
		"NoSuchLink":  {change: scene.Amendment{Part: link("smart_water", "none", 0)}, code: scene.NotFound},
		"WeightAbove": {change: scene.Amendment{Join: link("smart_water", "iot", 1.5)}, code: scene.Invalid, field: "weight"},
		"NoEnd":       {change: scene.Amendment{Join: link("smart_water", "", 0.5)}, code: scene.Invalid, field: "to"},
		"Nothing":     {change: scene.Amendment{}, code: scene.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := held.Amend(tc.change)
			if scene.CodeOf(err) != tc.code {
				t.Fatalf("error %v, want code %q", err, tc.code)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if tc.field != "" && !hasField(err, tc.field) {
				t.Errorf("%v names no field %s", err, tc.field)
			}
		})
	}
}

func TestVocabularyEqual(t *testing.T) {
	t.Parallel()
	a := scene.Vocabulary{Words: []scene.Word{{Word: "甲", Synonyms: []string{"乙"}}}}
	for name, b := range map[string]scene.Vocabulary{
		"OtherSynonym": {Words: []scene.Word{{Word: "甲", Synonyms: []string{"丙"}}}},
		"OtherUse":     {Words: []scene.Word{{Word: "甲", Synonyms: []string{"乙"}, Stop: true}}},
		"MoreLinks":    {Words: a.Words, Crosswalks: []scene.Crosswalk{{From: "x", To: "y"}}},
	} {
		if a.Equal(&b) {
			t.Errorf("%s: said to be the same", name)
		}
	}
	if same := (scene.Vocabulary{Words: []scene.Word{{Word: "甲", Synonyms: []string{"乙"}}}}); !a.Equal(&same) {
		t.Error("the same said to differ")
	}
}

func hasField(err error, name string) bool {
	e, ok := errors.AsType[*scene.Error](err)
	return ok && slices.ContainsFunc(e.Fields, func(f scene.FieldError) bool { return f.Field == name })
}
