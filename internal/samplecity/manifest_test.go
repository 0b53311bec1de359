package samplecity

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jinghe/internal/scene"
)

func TestReadManifest(t *testing.T) {
	t.Parallel()
	m, err := ReadManifest()
	if err != nil || !reflect.DeepEqual(m, manifest(t)) {
		t.Errorf("the manifest depends on the day: %v", err)
	}
}

// Each flaw takes up a tenth of the city, on both sides.
func TestFlawsAreFrequent(t *testing.T) {
	t.Parallel()
	m, rows := manifest(t), load(t)
	for _, f := range []Flaw{Vague, Incomplete, Duplicate, Expired, Traditional} {
		needs := 0
		for _, code := range m.Flaws[f] {
			if byCode(rows)[code].Opportunity != nil {
				needs++
			}
		}
		if n := len(m.Flaws[f]); 10*n < len(rows) || needs == 0 || needs == n {
			t.Errorf("%s: %d of %d rows, %d of them needs", f, n, len(rows), needs)
		}
	}
}

func TestFlawsAreAsStated(t *testing.T) {
	t.Parallel()
	m := manifest(t)
	rows := byCode(load(t))
	checks := map[Flaw]func(*scene.Row) bool{
		Vague: func(r *scene.Row) bool {
			_, body, _ := strings.Cut(text(r), "\n")
			return utf8.RuneCountInString(strings.TrimSpace(body)) <= 40
		},
		Incomplete:  func(r *scene.Row) bool { return r.Listing().Category == "" || !money1(r).Known() },
		Traditional: func(r *scene.Row) bool { return foreign(text(r)) >= 2 },
		Duplicate:   func(r *scene.Row) bool { return m.Twin[r.Label] != "" },
	}
	for flaw, check := range checks {
		for _, code := range m.Flaws[flaw] {
			if !check(rows[code]) {
				t.Errorf("%s is not %s: %q", code, flaw, text(rows[code]))
			}
		}
	}
	for code, twin := range m.Twin {
		a, b := rows[code], rows[twin]
		if b == nil || a.Kind() != b.Kind() || b.Org.CreditCode == "" {
			t.Errorf("%s repeats %s, which is no entry of its side", code, twin)
		}
	}
}

// money1 is the budget of a need or the price of an offer.
func money1(r *scene.Row) scene.MoneyRange {
	if r.Opportunity != nil {
		return r.Opportunity.Budget
	}
	return r.Capability.Price
}

// foreign counts characters that are traditional or full-width letters and digits.
func foreign(s string) int {
	n := 0
	for _, r := range s {
		if r >= '０' && r <= 'ｚ' || strings.ContainsRune("們個東車區園與為級計資訊識別網絡雲機會應號書環務報鑄視尋換鋁據實時檢測標準價電導點線後條無單統體驗設備續隊運點遊來產護對領數", r) {
			n++
		}
	}
	return n
}

// A duplicate keeps the sense and changes the words; two entries that are not
// marked share few.
func TestEntriesAreVaried(t *testing.T) {
	t.Parallel()
	m := manifest(t)
	rows := load(t)
	grams := make([][]uint64, len(rows))
	vague := map[string]bool{}
	for _, code := range m.Flaws[Vague] {
		vague[code] = true
	}
	for i := range rows {
		grams[i] = bigrams(text(&rows[i]))
	}
	for i := range rows {
		for j := range i {
			a, b := rows[i].Label, rows[j].Label
			if rows[i].Kind() != rows[j].Kind() || vague[a] || vague[b] {
				continue
			}
			s := dice(grams[i], grams[j])
			twins := m.Twin[a] == b || m.Twin[b] == a
			if !twins && s > 0.35 || s > 0.85 {
				t.Errorf("%s and %s: %.2f alike", a, b, s)
			}
		}
	}
}

// bigrams returns the pairs of neighbouring code points of s, sorted, each once.
func bigrams(s string) []uint64 {
	var list []uint64
	r := []rune(s)
	for i := 1; i < len(r); i++ {
		list = append(list, uint64(r[i-1])<<32|uint64(r[i]))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// dice is twice the number of common bigrams over the number of all.
func dice(a, b []uint64) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

func TestGoodPairsBreakNothing(t *testing.T) {
	t.Parallel()
	m, d := manifest(t), dictionaries(t)
	rows := byCode(load(t))
	if len(m.Good) < 60 {
		t.Errorf("only %d good pairs", len(m.Good))
	}
	for _, p := range m.Good {
		need, offer := rows[p.Need], rows[p.Offer]
		if offer == nil || offer.Capability == nil {
			t.Errorf("%v: no such offer", p)
			continue
		}
		if broken := brokenClauses(d, need, offer); len(broken) > 0 {
			t.Errorf("%v breaks %v", p, broken)
		}
	}
}

func TestTrapsBreakOneClause(t *testing.T) {
	t.Parallel()
	m, d := manifest(t), dictionaries(t)
	rows := byCode(load(t))
	kinds := map[string]int{}
	for _, p := range m.Trap {
		offer := rows[p.Offer]
		if offer == nil || offer.Capability == nil {
			t.Errorf("%v: no such offer", p)
			continue
		}
		kinds[p.Clause]++
		broken := brokenClauses(d, rows[p.Need], offer)
		if len(broken) == 0 || !broken[p.Clause] {
			t.Errorf("%v breaks %v", p, broken)
		}
	}
	for _, clause := range []string{"budget", "region", "maturity"} {
		if kinds[clause] < 4 {
			t.Errorf("only %d traps by %s", kinds[clause], clause)
		}
	}
}

// brokenClauses holds the stated conditions of both sides against each other,
// in the plainest way: what is not stated breaks nothing.
func brokenClauses(d *scene.Dictionaries, need, offer *scene.Row) map[string]bool {
	o, c := need.Opportunity, offer.Capability
	broken := map[string]bool{}
	if o.Budget.Max > 0 && (c.Price.Min > o.Budget.Max || c.Wants.MinBudget > o.Budget.Max) {
		broken["budget"] = true
	}
	if len(c.Wants.Regions) > 0 && len(o.Regions) > 0 && !overlap(d, c.Wants.Regions, o.Regions) ||
		len(c.Regions) > 0 && len(o.Regions) > 0 && !overlap(d, c.Regions, o.Regions) {
		broken["region"] = true
	}
	if len(o.Require.Regions) > 0 && !overlap(d, o.Require.Regions, []string{offer.Org.Region}) {
		broken["seat"] = true
	}
	if c.Maturity.Known() && c.Maturity.Max < o.Require.MinMaturity {
		broken["maturity"] = true
	}
	for _, want := range o.Require.Qualifications {
		if held := holds(d, c.Qualifications, want); !held && len(c.Qualifications) > 0 {
			broken["qualification "+want] = true
		}
	}
	if o.Require.Domestic && c.Domestic == scene.No {
		broken["domestic"] = true
	}
	if c.MLPS > 0 && c.MLPS < o.Require.MLPS {
		broken["mlps"] = true
	}
	if o.Schedule.Max > 0 && c.Delivery.Min > o.Schedule.Max {
		broken["schedule"] = true
	}
	return broken
}

func holds(d *scene.Dictionaries, list []scene.Qualification, want string) bool {
	for _, q := range list {
		if d.Within(scene.DictQualification, q.Code, want) {
			return true
		}
	}
	return false
}

// overlap reports whether some division of one list lies in some of the other.
func overlap(d *scene.Dictionaries, a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if d.RegionContains(x, y) || d.RegionContains(y, x) {
				return true
			}
		}
	}
	return false
}
