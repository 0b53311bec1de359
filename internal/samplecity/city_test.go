package samplecity

import (
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// noon is the day on which the tests look at the city.
func noon() time.Time { return time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC) }

// loadDictionaries spares the tests from indexing the divisions each on its own.
var loadDictionaries = sync.OnceValues(scene.LoadDictionaries)

func dictionaries(t testing.TB) *scene.Dictionaries {
	t.Helper()
	d, err := loadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readAt(t testing.TB, now time.Time) *city {
	t.Helper()
	c, err := read(dictionaries(t), now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func load(t testing.TB) []scene.Row { t.Helper(); return readAt(t, noon()).rows }

func manifest(t testing.TB) Manifest { t.Helper(); return readAt(t, noon()).manifest }

// byCode returns the rows by their code.
func byCode(rows []scene.Row) map[string]*scene.Row {
	m := map[string]*scene.Row{}
	for i := range rows {
		m[rows[i].Label] = &rows[i]
	}
	return m
}

func TestCounts(t *testing.T) {
	t.Parallel()
	orgs, english := map[scene.CreditCode]bool{}, map[string]int{}
	orgsEn := map[string]bool{}
	kinds := map[scene.Kind]int{}
	for _, r := range load(t) {
		kinds[r.Kind()]++
		if r.Listing().NameEn != "" {
			english[string(r.Kind())]++
		}
		if r.Org.CreditCode != "" {
			orgs[r.Org.CreditCode] = true
		}
		if r.Org.NameEn != "" {
			orgsEn[r.Org.NameEn] = true
		}
	}
	for what, tt := range map[string]struct{ have, want int }{
		"organisations": {len(orgs), 150}, "opportunities": {kinds[scene.KindOpportunity], 120}, "capabilities": {kinds[scene.KindCapability], 200},
		"English organisations": {len(orgsEn), 40}, "English opportunities": {english["opportunity"], 40}, "English capabilities": {english["capability"], 40},
	} {
		if tt.have < tt.want {
			t.Errorf("%d %s, want at least %d", tt.have, what, tt.want)
		}
	}
}

func TestEveryRowIsValid(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range load(t) {
		l := r.Listing()
		if l.State != "" || l.ID != "" || !l.Created.IsZero() {
			t.Errorf("%s: has state %q, id %q or times before the store saw it", r.Label, l.State, l.ID)
		}
		if seen[r.Label] || r.Label != l.Code || r.File == "" || r.Sheet == "" || r.Line < 1 || l.Source != Source {
			t.Errorf("%s: repeated, or its place is missing: %q %q %d", r.Label, r.File, r.Sheet, r.Line)
		}
		seen[r.Label] = true
		if r.Org.Name == "" || r.Org.Name != l.OrgName {
			t.Errorf("%s: organisation %q, listing says %q", r.Label, r.Org.Name, l.OrgName)
		}
		l.State = scene.Published
		var err error
		if r.Opportunity != nil {
			err = r.Opportunity.Validate()
		} else {
			err = r.Capability.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", r.Label, err)
		}
		if err := r.Org.Validate(); err != nil {
			t.Errorf("%s: %v", r.Label, err)
		}
	}
}

// One credit code, one name and one region per organisation; the code's third
// to eighth place is the region.
func TestOrganisations(t *testing.T) {
	t.Parallel()
	names, codes := map[scene.CreditCode]string{}, map[string]scene.CreditCode{}
	outside := 0
	for _, r := range load(t) {
		o := r.Org
		if o.CreditCode == "" {
			continue
		}
		if was, ok := names[o.CreditCode]; ok && was != o.Name {
			t.Errorf("%s belongs to %q and %q", o.CreditCode, was, o.Name)
		}
		if was, ok := codes[scene.NameKey(o.Name)]; ok && was != o.CreditCode {
			t.Errorf("%q has %s and %s", o.Name, was, o.CreditCode)
		}
		names[o.CreditCode], codes[scene.NameKey(o.Name)] = o.Name, o.CreditCode
		if scene.OrgCheck(string(o.CreditCode[8:16])) != o.CreditCode[16] || string(o.CreditCode[2:8]) != o.Region {
			t.Errorf("%s: %s, region %s", o.Name, o.CreditCode, o.Region)
		}
		if !strings.HasPrefix(o.Region, "3202") {
			outside++
		}
	}
	if outside == 0 || outside > len(names)/10 {
		t.Errorf("%d of %d organisations sit outside the city", outside, len(names))
	}
}

func TestEveryFieldOfUseIsCovered(t *testing.T) {
	t.Parallel()
	d := dictionaries(t)
	needs, offers := map[string]int{}, map[string]int{}
	uncategorised := 0
	rows := load(t)
	for _, r := range rows {
		l := r.Listing()
		if l.Category == "" {
			uncategorised++
		}
		for _, f := range l.Fields {
			if r.Opportunity != nil {
				needs[f]++
			} else {
				offers[f]++
			}
		}
		for dict, list := range map[string][]string{
			scene.DictField: l.Fields, scene.DictIndustry: l.Industries, scene.DictMode: l.Modes, scene.DictRegion: l.Regions,
		} {
			for _, code := range list {
				if _, ok := d.Term(dict, code); !ok {
					t.Errorf("%s: %s has no %q", r.Label, dict, code)
				}
			}
		}
	}
	fields, _ := d.Get(scene.DictField)
	for _, f := range fields.Terms {
		if needs[f.Code] < 5 || offers[f.Code] < 8 {
			t.Errorf("%s: %d needs, %d offers", f.Code, needs[f.Code], offers[f.Code])
		}
	}
	if share := float64(uncategorised) / float64(len(rows)); share < 0.1 || share > 0.35 {
		t.Errorf("%.0f %% of the rows have no category", 100*share)
	}
}

func TestValidityFollowsTheDay(t *testing.T) {
	t.Parallel()
	m := manifest(t)
	expired := map[string]bool{}
	for _, code := range m.Flaws[Expired] {
		expired[code] = true
	}
	later := readAt(t, noon().AddDate(0, 0, 100)).rows
	for i, r := range load(t) {
		l := r.Listing()
		l.State = scene.Published
		if l.Open(noon()) == expired[r.Label] {
			t.Errorf("%s: open %v, valid %s to %s", r.Label, l.Open(noon()), l.ValidFrom, l.ValidTo)
		}
		if got := later[i].Listing().ValidTo.Sub(l.ValidTo); got != 100*24*time.Hour {
			t.Errorf("%s: a hundred days later it ends %s later", r.Label, got)
		}
	}
}

func TestLoadIsRepeatableAndUnshared(t *testing.T) {
	t.Parallel()
	a, err := Load(noon())
	if err != nil {
		t.Fatal(err)
	}
	b := load(t)
	if !reflect.DeepEqual(a, b) {
		t.Error("two loads differ")
	}
	for i := range a {
		l := a[i].Listing()
		l.Name = "x"
		for j := range l.Fields {
			l.Fields[j] = "x"
		}
		for j := range a[i].Org.Industries {
			a[i].Org.Industries[j] = "x"
		}
	}
	if !reflect.DeepEqual(b, load(t)) {
		t.Error("loads share memory")
	}
}

// Nobody real: invented numbers and addresses only, in the contact and in running text.
func TestNobodyRealIsNamed(t *testing.T) {
	t.Parallel()
	phone := regexp.MustCompile(`^0510-5550\d{4}$`)
	number := regexp.MustCompile(`1[3-9]\d{9}|0\d{2,3}-\d{7,8}|@`)
	for _, r := range load(t) {
		c := r.Listing().Contact
		if !phone.MatchString(c.Phone) || !strings.HasSuffix(c.Mail, "@example.com") {
			t.Errorf("%s: contact %+v", r.Label, c)
		}
		if found := number.FindString(text(&r)); found != "" {
			t.Errorf("%s: %q in the text", r.Label, found)
		}
	}
}

// text joins what an entry says in prose.
func text(r *scene.Row) string {
	l := r.Listing()
	parts := []string{l.Name}
	if o := r.Opportunity; o != nil {
		parts = append(parts, o.Situation, o.Need, o.Targets, o.Resources, o.Works)
	} else {
		c := r.Capability
		parts = append(parts, c.Description, c.TechText, c.ScenarioText, c.Indicators)
	}
	return strings.Join(parts, "\n")
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(noon()); err != nil {
			b.Fatal(err)
		}
	}
}
