package standing_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/search/lexicon"
)

func now() time.Time { return time.Date(2026, 5, 8, 9, 0, 0, 0, time.UTC) }

// counts is a Rarity by a table.
type counts map[string]int

func (c counts) Documents() int          { return 1000 }
func (c counts) DocFreq(term string) int { return c[term] }

type tools struct {
	engine *match.Engine
	lex    *lexicon.Lexicon
	dicts  *scene.Dictionaries
}

func newTools(t testing.TB) tools {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	w, err := match.DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(lex, dicts, w)
	if err != nil {
		t.Fatal(err)
	}
	return tools{engine, lex, dicts}
}

func (k tools) book() *standing.Book {
	return standing.NewBook(k.engine, k.lex, k.dicts, counts{"监测": 300, "系统": 900, "水": 500})
}

func offer(id, name, text string) *scene.Capability {
	return &scene.Capability{
		Listing:     scene.Listing{ID: scene.ID(id), Name: name, OrgName: "企业" + id, State: scene.Published},
		Description: text,
	}
}

func TestConditionsOfBothSides(t *testing.T) {
	t.Parallel()
	k := newTools(t)
	base := func() (scene.SavedSearch, *scene.Capability) {
		s := scene.SavedSearch{
			ID: "s", Owner: "a", Name: "内涝", Wants: scene.KindCapability, Words: "积水 监测",
			Fields: []string{"smart_water"}, Regions: []string{"320200"}, Money: scene.MoneyRange{Max: 50 * scene.Wan},
			OrgID: "me",
		}
		c := offer("c", "下穿隧道积水监测", "在线监测积水深度")
		c.Fields, c.Regions = []string{"smart_water"}, []string{"320214"}
		c.Price = scene.MoneyRange{Min: 20 * scene.Wan}
		return s, c
	}
	for name, test := range map[string]struct {
		change func(*scene.SavedSearch, *scene.Capability)
		want   bool
	}{
		"OK": {func(*scene.SavedSearch, *scene.Capability) {}, true},
		"OKNothingStated": {func(_ *scene.SavedSearch, c *scene.Capability) {
			c.Fields, c.Regions, c.Price = nil, nil, scene.MoneyRange{}
		}, true},
		"OKProvinceServed": {func(_ *scene.SavedSearch, c *scene.Capability) { c.Regions = []string{"320000"} }, true},
		"OKDescription": {func(s *scene.SavedSearch, _ *scene.Capability) {
			s.Words, s.Text = "", "城市隧道积水深度的在线监测"
		}, true},
		"OKFieldOnly":       {func(s *scene.SavedSearch, _ *scene.Capability) { s.Words = "" }, true},
		"ErrOneWordMissing": {func(s *scene.SavedSearch, _ *scene.Capability) { s.Words = "积水 无人机" }, false},
		"ErrOtherDescription": {func(s *scene.SavedSearch, _ *scene.Capability) {
			s.Words, s.Text = "", "养老院陪护机器人与康复训练"
		}, false},
		"ErrOtherField":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.Fields = []string{"smart_elderly_care"} }, false},
		"ErrOtherCity":             {func(_ *scene.SavedSearch, c *scene.Capability) { c.Regions = []string{"440300"} }, false},
		"ErrTooDear":               {func(_ *scene.SavedSearch, c *scene.Capability) { c.Price.Min = 80 * scene.Wan }, false},
		"ErrProviderStartsAtMore":  {func(_ *scene.SavedSearch, c *scene.Capability) { c.Wants.MinBudget = 80 * scene.Wan }, false},
		"ErrProviderServesOthers":  {func(_ *scene.SavedSearch, c *scene.Capability) { c.Wants.Regions = []string{"440300"} }, false},
		"ErrOwnListing":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.OrgID = "me" }, false},
		"ErrDraft":                 {func(_ *scene.SavedSearch, c *scene.Capability) { c.State = scene.Draft }, false},
		"ErrNotYetOpen":            {func(_ *scene.SavedSearch, c *scene.Capability) { c.ValidFrom = now().Add(time.Hour) }, false},
		"ErrWantsOpportunities":    {func(s *scene.SavedSearch, _ *scene.Capability) { s.Wants = scene.KindOpportunity }, false},
		"ErrPaused":                {func(s *scene.SavedSearch, _ *scene.Capability) { s.Paused = true }, false},
		"ErrFieldOnlyAndNotStated": {func(s *scene.SavedSearch, c *scene.Capability) { s.Words, c.Fields, c.Regions = "", nil, nil }, false},
	} {
		s, c := base()
		test.change(&s, c)
		b := k.book()
		b.Put(s)
		p := k.engine.Offer(c, nil)
		if got := len(b.Match(p, now())) == 1; got != test.want {
			t.Errorf("%s: found %v, want %v", name, got, test.want)
		}
		each := newEach(k, counts{})
		each.put(s)
		if a, b := b.Match(p, now()), each.match(p); !slices.Equal(a, b) {
			t.Errorf("%s: %v, one by one %v", name, a, b)
		}
	}
}
