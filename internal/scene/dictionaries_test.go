package scene

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *Dictionaries {
	t.Helper()
	d, err := LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEmbeddedDictionaries(t *testing.T) {
	t.Parallel()
	d := load(t)
	least := map[string]int{
		DictField: 19, DictIndustry: 19, DictFuture: 6, DictStrategic: 9, DictEconomy: 20,
		DictTRL: 12, DictQualification: 40, DictMode: 9, DictOwnerKind: 5, DictRegion: 3000,
	}
	if got := d.Names(); len(got) != len(least) {
		t.Errorf("dictionaries %v", got)
	}
	slug := regexp.MustCompile(`^[a-z][a-z0-9_]*$|^\d{6}$|^[1-9]$|^[A-T]$`)
	for name, n := range least {
		dict, ok := d.Get(name)
		if !ok || len(dict.Terms) < n || dict.Name != name || dict.Zh == "" || dict.En == "" {
			t.Errorf("%s: %d terms, zh %q, en %q", name, len(dict.Terms), dict.Zh, dict.En)
		}
		codes := map[string]bool{}
		for _, term := range dict.Terms {
			if codes[term.Code] || !slug.MatchString(term.Code) {
				t.Errorf("%s: code %q is repeated or odd", name, term.Code)
			}
			codes[term.Code] = true
			if term.Zh == "" || term.En == "" || d.Label(name, term.Code, "zh") != term.Zh || d.Label(name, term.Code, "en") != term.En {
				t.Errorf("%s %s: labels %q, %q", name, term.Code, term.Zh, term.En)
			}
		}
	}
}

// Every name and synonym resolves to its own term and to no other.
func TestEverySynonymResolves(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, name := range d.Names() {
		if name == DictRegion {
			continue // names repeat there; see region_test.go
		}
		dict, _ := d.Get(name)
		for _, term := range dict.Terms {
			for _, s := range append([]string{term.Code, term.Zh, term.En}, term.Synonyms...) {
				if got := d.Resolve(name, s); !slices.Equal(got, []string{term.Code}) {
					t.Errorf("%s: %q gives %v, want %s", name, s, got, term.Code)
				}
			}
		}
	}
}

func TestEveryFieldAndIndustryHasKeywords(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, name := range []string{DictField, DictIndustry, DictFuture, DictStrategic} {
		dict, _ := d.Get(name)
		for _, term := range dict.Terms {
			group := slices.ContainsFunc(dict.Terms, func(o Term) bool { return o.Parent == term.Code })
			if !group && len(term.Keywords) < 4 {
				t.Errorf("%s %s has %d keywords", name, term.Code, len(term.Keywords))
			}
		}
	}
}

func TestOwnerKindsAreTerms(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, k := range []OwnerKind{Government, StateOwned, Private, PublicSpace, Institute} {
		if _, ok := d.Term(DictOwnerKind, string(k)); !ok {
			t.Errorf("%s is no term", k)
		}
	}
}

func TestCrosswalks(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, pair := range [][2]string{
		{DictField, DictIndustry},
		{DictIndustry, DictStrategic},
		{DictField, DictEconomy},
		{DictIndustry, DictFuture},
		{DictRegion, DictRegion},
	} {
		w, ok := d.Crosswalk(pair[0], pair[1])
		if !ok || len(w.Links) == 0 {
			t.Errorf("no crosswalk %v", pair)
		}
		seen := map[Link]bool{}
		for _, l := range w.Links {
			key := Link{From: l.From, To: l.To}
			if seen[key] {
				t.Errorf("%v: %v twice", pair, key)
			}
			seen[key] = true
		}
	}
	// Every field of use reaches an industry and the economy; every industry a strategic one.
	covered := func(from, to string, leaf func(Term) bool) {
		dict, _ := d.Get(from)
		for _, term := range dict.Terms {
			if leaf(term) && len(d.Related(from, term.Code, to)) == 0 {
				t.Errorf("%s %s reaches nothing in %s", from, term.Code, to)
			}
		}
	}
	any1 := func(Term) bool { return true }
	covered(DictField, DictIndustry, any1)
	covered(DictField, DictEconomy, any1)
	covered(DictIndustry, DictStrategic, func(t Term) bool { return t.Parent != "" })
	covered(DictIndustry, DictField, func(t Term) bool { return t.Parent != "" })
}

func TestRelatedBothWays(t *testing.T) {
	t.Parallel()
	d := load(t)
	w, _ := d.Crosswalk(DictField, DictIndustry)
	for _, l := range w.Links {
		there := d.Related(DictField, l.From, DictIndustry)
		back := d.Related(DictIndustry, l.To, DictField)
		if !slices.Contains(there, l) || !slices.Contains(back, Link{From: l.To, To: l.From, Weight: l.Weight}) {
			t.Errorf("%v is not found both ways", l)
		}
		if !slices.IsSortedFunc(there, func(a, b Link) int { return int(math.Copysign(1, b.Weight-a.Weight)) * b2i(a.Weight != b.Weight) }) {
			t.Errorf("%v is not sorted", there)
		}
	}
	if d.Related(DictField, "no_such", DictIndustry) != nil {
		t.Error("an unknown code is related to something")
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestLookupsOfUnknown(t *testing.T) {
	t.Parallel()
	d := load(t)
	if _, ok := d.Get("no_such"); ok {
		t.Error("unknown dictionary found")
	}
	if _, ok := d.Term(DictField, "no_such"); ok {
		t.Error("unknown code found")
	}
	if _, ok := d.Crosswalk(DictField, DictTRL); ok {
		t.Error("unknown crosswalk found")
	}
	if got := d.Label(DictField, "no_such", "zh"); got != "no_such" {
		t.Errorf("label of an unknown code: %q", got)
	}
	if d.Resolve("no_such", "人工智能") != nil || d.Suggest("no_such", "人工智能") != nil {
		t.Error("an unknown dictionary resolves")
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, tt := range []struct {
		dict, code, outer string
		want              bool
	}{
		{DictQualification, "little_giant", "specialised", true},
		{DictQualification, "specialised", "little_giant", false},
		{DictQualification, "cmmi5", "cmmi3", true},
		{DictQualification, "cmmi5", "cmmi", true},
		{DictQualification, "cmmi3", "cmmi5", false},
		{DictQualification, "mlps3", "mlps2", true},
		{DictTRL, "9", "mature", true},
		{DictTRL, "5", "early", false},
		{DictIndustry, "iot", "landmark", true},
		{DictField, "robotics", "robotics", true},
		{DictField, "no_such", "robotics", false},
	} {
		if got := d.Within(tt.dict, tt.code, tt.outer); got != tt.want {
			t.Errorf("%s in %s: %v", tt.code, tt.outer, got)
		}
	}
}

func TestWithEdits(t *testing.T) {
	t.Parallel()
	d := load(t)
	own := Dictionary{Name: "hall", Zh: "会场", Terms: []Term{{Code: "east", Zh: "东厅", Synonyms: []string{"东馆"}}}}
	next, err := d.With([]Dictionary{own}, []Crosswalk{{From: "hall", To: DictField, Links: []Link{{"east", "robotics", 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := next.Resolve("hall", "东馆、西馆"); !slices.Equal(got, []string{"east"}) {
		t.Errorf("new dictionary: %v", got)
	}
	if next.Label("hall", "east", "en") != "东厅" {
		t.Error("a missing English label is not replaced by the Chinese one")
	}
	if len(next.Related(DictField, "robotics", "hall")) != 1 {
		t.Error("the new crosswalk is not joined")
	}
	if next.Version() == d.Version() || len(d.Names())+1 != len(next.Names()) {
		t.Error("the old set changed, or the version did not")
	}
	own.Terms[0].Synonyms[0] = "changed"
	if got := next.Resolve("hall", "东馆"); len(got) != 1 {
		t.Error("the set shares memory with its input")
	}
	same, err := d.With(nil, nil)
	if err != nil || same.Version() != d.Version() {
		t.Errorf("no edit changes the version: %v", err)
	}
	field, _ := d.Get(DictField)
	field.Terms = append(slices.Clone(field.Terms), Term{Code: "smart_farm", Zh: "智慧农业", En: "Smart farming"})
	edited, err := d.With([]Dictionary{field}, nil)
	if err != nil || !slices.Equal(edited.Resolve(DictField, "智慧农业"), []string{"smart_farm"}) || d.Resolve(DictField, "智慧农业") != nil {
		t.Errorf("an edit of a shipped dictionary: %v", err)
	}
}

func TestWithRefuses(t *testing.T) {
	t.Parallel()
	d := load(t)
	dict := func(terms ...Term) []Dictionary { return []Dictionary{{Name: "x", Terms: terms}} }
	walk := func(l Link) []Crosswalk { return []Crosswalk{{From: DictField, To: DictTRL, Links: []Link{l}}} }
	a := Term{Code: "a", Zh: "甲"}
	tests := map[string]struct {
		edited []Dictionary
		links  []Crosswalk
		want   string
	}{
		"ErrNoName":        {[]Dictionary{{}}, nil, "dictionaries dictionary.name"},
		"ErrNoCode":        {dict(Term{Zh: "甲"}), nil, "code dictionary.code_empty"},
		"ErrRepeated":      {dict(a, a), nil, "code dictionary.code_repeated"},
		"ErrNoLabel":       {dict(Term{Code: "a", Zh: " "}), nil, "zh dictionary.label_empty"},
		"ErrParent":        {dict(Term{Code: "a", Zh: "甲", Parent: "b"}), nil, "parent dictionary.parent_unknown"},
		"ErrCircle":        {dict(Term{Code: "a", Zh: "甲", Parent: "a"}), nil, "parent dictionary.parent_circular"},
		"ErrFrom":          {nil, walk(Link{"no_such", "1", 1}), "links crosswalk.code_unknown"},
		"ErrTo":            {nil, walk(Link{"robotics", "no_such", 1}), "links crosswalk.code_unknown"},
		"ErrZeroWeight":    {nil, walk(Link{"robotics", "1", 0}), "links crosswalk.weight"},
		"ErrBigWeight":     {nil, walk(Link{"robotics", "1", 1.01}), "links crosswalk.weight"},
		"ErrNaN":           {nil, walk(Link{"robotics", "1", math.NaN()}), "links crosswalk.weight"},
		"ErrLinkedDropped": {[]Dictionary{{Name: DictField, Terms: []Term{a}}}, nil, "links crosswalk.code_unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := d.With(tt.edited, tt.links)
			if got != nil || CodeOf(err) != Invalid || !slices.Contains(faultsOf(err), tt.want) {
				t.Errorf("err = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestVersionIsStable(t *testing.T) {
	t.Parallel()
	if a, b := load(t).Version(), load(t).Version(); a != b || len(a) != 12 || strings.Trim(a, "0123456789abcdef") != "" {
		t.Errorf("versions %q, %q", a, b)
	}
}

func TestDictionariesConcurrent(t *testing.T) {
	t.Parallel()
	d := load(t)
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if got := d.Resolve(DictField, "智慧水务"); len(got) != 1 {
				t.Error(got)
			}
			if got := d.RegionOf("无锡市"); len(got) != 1 {
				t.Error(got)
			}
		})
	}
}

func BenchmarkLoadDictionaries(b *testing.B) {
	for b.Loop() {
		if _, err := LoadDictionaries(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	d := load(b)
	for b.Loop() {
		d.Resolve(DictIndustry, "物联网、AI")
	}
}

func BenchmarkRegionOf(b *testing.B) {
	d := load(b)
	for b.Loop() {
		d.RegionOf("江苏省无锡市新吴区菱湖大道")
	}
}
