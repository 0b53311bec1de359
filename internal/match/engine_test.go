package match

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// places is a taxonomy of division codes by prefix and two titles.
type places struct{}

func (places) Within(_, code, outer string) bool {
	return code == outer || code == "little_giant" && outer == "specialised" ||
		outer == "cmmi" && code != "cmmi" && strings.HasPrefix(code, "cmmi") || code == "cmmi5" && outer == "cmmi3"
}

// Term: CMMI grades stand on a ladder; “specialised” is local, its giants are national.
func (places) Term(_, code string) (scene.Term, bool) {
	terms := map[string]scene.Term{
		"little_giant": {Code: code, Parent: "specialised", Level: "national"},
		"cmmi3":        {Code: code, Parent: "cmmi"}, "cmmi5": {Code: code, Parent: "cmmi3"},
	}
	t, ok := terms[code]
	return t, ok
}
func (places) Label(_, code, _ string) string { return "〈" + code + "〉" }
func (places) Related(from, code, _ string) []scene.Link {
	if from == scene.DictField && code == "smart_water" {
		return []scene.Link{{From: code, To: "environment", Weight: 0.6}}
	}
	return nil
}

func (places) RegionContains(outer, inner string) bool {
	for len(outer) > 2 && outer[len(outer)-2:] == "00" {
		outer = outer[:len(outer)-2]
	}
	return len(inner) >= len(outer) && inner[:len(outer)] == outer
}
func (places) Version() string { return "test" }

func newTestEngine(t testing.TB) *Engine {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	w, err := DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(lex, places{}, w)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func today() time.Time { return time.Date(2026, 5, 8, 9, 0, 0, 0, time.UTC) }

func aNeed(name, text string) *scene.Opportunity {
	return &scene.Opportunity{Listing: scene.Listing{ID: "n", Name: name, OrgName: "甲方"}, Need: text}
}

func anOffer(name, text string) *scene.Capability {
	return &scene.Capability{Listing: scene.Listing{ID: "c", Name: name, OrgName: "乙方"}, Description: text}
}

func TestNewRefusesBadParts(t *testing.T) {
	t.Parallel()
	good, err := DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Weights){
		"a part is missing":     func(w *Weights) { delete(w.Parts, "money") },
		"a part is negative":    func(w *Weights) { w.Parts["money"] = -0.1 },
		"the sum is not one":    func(w *Weights) { w.Parts["money"] += 0.1 },
		"a part nobody knows":   func(w *Weights) { w.Parts["luck"] = 0 },
		"the map does not rise": func(w *Weights) { w.Calibration.Slope = 0 },
		"no saturation":         func(w *Weights) { w.Text.K1 = 0 },
	} {
		w := good
		w.Parts = map[string]float64{}
		for k, v := range good.Parts {
			w.Parts[k] = v
		}
		spoil(&w)
		if _, err := New(lex, places{}, w); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(nil, places{}, good); err == nil {
		t.Error("no lexicon: no error")
	}
	if _, err := ParseWeights([]byte("{")); err == nil {
		t.Error("half a file: no error")
	}
}

func TestVersionFollowsWeights(t *testing.T) {
	t.Parallel()
	a, err := DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	b := a
	b.Text.K1 += 0.1
	if a.Version() == b.Version() {
		t.Error("two sets of weights share a version")
	}
}

func TestBagCountsBothFields(t *testing.T) {
	t.Parallel()
	b := newBag([]rune("积水积水"), []rune("水泵abc"))
	want := map[term][2]uint8{
		charTerm('积'):            {2, 0},
		charTerm('水'):            {2, 1},
		charTerm('泵'):            {0, 1},
		pairTerm('积', '水'):       {2, 0},
		pairTerm('水', '积'):       {1, 0},
		pairTerm('水', '泵'):       {0, 1},
		latinTerm([]rune("abc")): {0, 1},
	}
	if len(b.terms) != len(want) || !slices.IsSorted(b.terms) {
		t.Fatalf("%d terms, want %d in order", len(b.terms), len(want))
	}
	for i, id := range b.terms {
		if got := [2]uint8{b.title[i], b.body[i]}; got != want[id] {
			t.Errorf("term %x: %v, want %v", id, got, want[id])
		}
	}
	if b.titleLen != 7 || b.bodyLen != 4 {
		t.Errorf("lengths %d and %d, want 7 and 4", b.titleLen, b.bodyLen)
	}
}

func TestStatisticsAddAndRemove(t *testing.T) {
	t.Parallel()
	e, s := newTestEngine(t), NewStatistics()
	a, b := e.Offer(anOffer("积水监测", "传感器"), nil), e.Offer(anOffer("跌倒监测", ""), nil)
	s.Add(a)
	s.Add(b)
	if got := s.frequency(pairTerm('监', '测')); got != 2 {
		t.Errorf("监测 in %d, want 2", got)
	}
	rare, common := s.idf(pairTerm('积', '水')), s.idf(pairTerm('监', '测'))
	if rare <= common || s.idf(pairTerm('无', '此')) <= rare {
		t.Errorf("idf does not fall with frequency: %v, %v", rare, common)
	}
	s.Remove(a)
	s.Remove(b)
	if s.Documents() != 0 || s.frequency(pairTerm('监', '测')) != 0 || s.breadth() != 1 {
		t.Error("removing everything leaves something behind")
	}
}

func TestStatisticsGrow(t *testing.T) {
	t.Parallel()
	s := NewStatistics()
	const n = 3 * firstTable
	for i := range n {
		s.bump(kindPair|term(i), 1)
		s.bump(kindPair|term(i/2), 1)
	}
	for _, i := range []int{0, 1, n/2 - 1, n - 1} {
		want := 1
		if i < n/2 {
			want = 3
		}
		if got := s.frequency(kindPair | term(i)); got != want {
			t.Errorf("term %d counted %d, want %d", i, got, want)
		}
	}
}

func TestProfileOfBothSides(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	org := &scene.Organisation{
		Name: "乙方", Region: "320214", Industries: []string{"iot"},
		Qualifications: []scene.Qualification{{Code: "high_tech"}},
	}
	c := anOffer("窨井液位终端", "测量精度±1cm，电池寿命不少于5年。")
	c.Qualifications = []scene.Qualification{{Code: "little_giant"}}
	p := e.Offer(c, org)
	if p.OrgRegion != "320214" || len(p.Qualifications) != 2 || !slices.Equal(p.Industries, []string{"iot"}) {
		t.Errorf("organisation's facts are not in the profile: %+v", p)
	}
	if len(c.Qualifications) != 1 {
		t.Error("the listing was changed")
	}
	if len(p.Indicators) != 2 || p.Indicators[0].Name != "测量精度" || p.Indicators[0].Field != "description" {
		t.Errorf("indicators: %+v", p.Indicators)
	}
	if title, body := p.TitleAndBody(); title != c.Name || body != c.Description {
		t.Errorf("texts %q, %q", title, body)
	}
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	e, s := newTestEngine(t), NewStatistics()
	long := make([]rune, 200_000)
	for i := range long {
		long[i] = '水'
	}
	offer := e.Offer(anOffer("智慧水务平台", "监测水位"), nil)
	s.Add(offer)
	for name, text := range map[string]string{
		"empty": "", "one character": "水", "emoji": "💧🚰💧", "one word": string(long),
		"English": "smart water platform", "traditional": "智慧水務平臺", "broken": "\xff\xfe水", "digits": "1111111111111111111111111111",
	} {
		q := e.Query(e.Need(aNeed(text, text), nil), Space{Terms: s})
		score := q.Score(offer, nil, today())
		if !(score.Raw >= 0 && score.Raw <= 1) || !(score.Value >= 0 && score.Value <= 1) {
			t.Errorf("%s: raw %v, score %v", name, score.Raw, score.Value)
		}
		m := q.Explain(offer, score, nil, "zh")
		if m.Reason == "" || len(m.Parts) != partEmbedding { // which alone is shown only where it has a weight
			t.Errorf("%s: no explanation", name)
		}
	}
}
