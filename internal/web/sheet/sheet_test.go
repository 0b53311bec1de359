package sheet

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

func newSheet(t testing.TB) *Sheet {
	t.Helper()
	dict, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	return New(dict)
}

// typed is what a browser sends of a form.
func typed(groups []ui.Group) url.Values {
	form := url.Values{}
	for _, g := range groups {
		for _, f := range g.Fields {
			switch f.Type {
			case "checks", "choice":
				for _, o := range f.Options {
					if o.Chosen {
						form.Add(f.Name, o.Value)
					}
				}
				if f.Type == "choice" && !form.Has(f.Name) {
					form.Set(f.Name, "")
				}
			default:
				form.Set(f.Name, strings.ReplaceAll(f.Value, "\n", "\r\n"))
			}
		}
	}
	return form
}

// TestNothingIsLost: an entry that is shown in the form and sent back
// unchanged is the same entry, for every entry of the sample city.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	rows, err := samplecity.Load(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		e := registry.Entry{Opportunity: row.Opportunity, Capability: row.Capability}
		l := e.Listing()
		l.Regions, l.ValidTo, l.Keywords = nil, l.ValidTo.Truncate(time.Microsecond), clean(l.Keywords)
		if e.Opportunity != nil {
			e.Opportunity.SiteText = ""
		}
		before := copied(e)
		p := &ui.Page{Lang: locale.Zh}
		if faults := s.Read(&e, typed(s.Form(p, &e, nil))); len(faults) > 0 {
			t.Errorf("%s: %v", l.Name, faults)
		}
		day := func(at time.Time) string { return at.In(scene.China()).Format(time.DateOnly) }
		if day(before.Listing().ValidTo) != day(e.Listing().ValidTo) {
			t.Errorf("%s: open until %s, now %s", l.Name, before.Listing().ValidTo, e.Listing().ValidTo)
		}
		before.Listing().ValidTo = e.Listing().ValidTo
		if diff := cmp.Diff(trimmed(before), trimmed(e)); diff != "" {
			t.Errorf("%s (-before +after):\n%s", l.Name, diff)
		}
		if rows := s.Differences(p, &before, &e); len(rows) != 0 {
			t.Errorf("%s: differences %+v", l.Name, rows)
		}
	}
}

func clean(words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("、，,;； ", r) })...)
	}
	return out
}

func copied(e registry.Entry) registry.Entry {
	if e.Opportunity != nil {
		o := *e.Opportunity
		return registry.Entry{Opportunity: &o}
	}
	c := *e.Capability
	return registry.Entry{Capability: &c}
}

// trimmed compares what a form may clean: blanks at the ends, empty lists.
func trimmed(e registry.Entry) map[string]string {
	m := map[string]string{}
	for _, d := range mustDiffer(e) {
		m[d.Field] = strings.TrimSpace(d.After)
	}
	return m
}

func mustDiffer(e registry.Entry) []scene.Difference {
	list, err := scene.Differences(nil, e.Content())
	if err != nil {
		panic(err) // plain data
	}
	var kept []scene.Difference
	for _, d := range list {
		if d.After != "[]" && d.After != "null" {
			kept = append(kept, d)
		}
	}
	return kept
}

// TestUnreadable: what cannot be read is told at its field, and the rest is taken.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	for name, tt := range map[string]struct {
		field, value, key string
		repeats           string // of what was typed
		kind              scene.Kind
	}{
		"Money":    {"price.min", "几十万", "money.format", "几十万", scene.KindCapability},
		"Negative": {"budget.max", "-5", "money.format", "-5", scene.KindOpportunity},
		"Months":   {"delivery.max", "很快", "months.format", "很快", scene.KindCapability},
		"Backward": {"schedule.max", "-3", "months.format", "-3", scene.KindOpportunity},
		"Endless":  {"schedule.max", "Inf", "months.format", "Inf", scene.KindOpportunity},
		"Date":     {"valid_to", "明天", "date.format", "明天", scene.KindCapability},
		"Field":    {"fields", "no_such_field", "field.invalid", "", scene.KindCapability},
		"Choice":   {"maturity", "perfect", "field.invalid", "", scene.KindCapability},
		"Region":   {"regions", "火星", "listing.region_unknown", "火星", scene.KindCapability},
		"Regions":  {"regions", "江苏、火星", "listing.region_unknown", "火星", scene.KindCapability}, // the rest is not dropped
		"Required": {"eligibility.regions", "上海，某某城", "listing.region_unknown", "某某城", scene.KindOpportunity},
		"Keywords": {"keywords", strings.Repeat("词 ", 21), "listing.keywords", "", scene.KindCapability},
	} {
		e := registry.Entry{Capability: &scene.Capability{}}
		if tt.kind == scene.KindOpportunity {
			e = registry.Entry{Opportunity: &scene.Opportunity{}}
		}
		faults := s.Read(&e, url.Values{"name": {" 名称 "}, tt.field: {tt.value}})
		if len(faults) != 1 || faults[tt.field].Key != tt.key || e.Listing().Name != "名称" {
			t.Errorf("%s: %v, name %q", name, faults, e.Listing().Name)
		}
		if said, _ := faults[tt.field].Args["value"].(string); said != tt.repeats {
			t.Errorf("%s: the message repeats %q, not %q", name, said, tt.repeats)
		}
		if !locale.Has(locale.Zh, tt.key) || !locale.Has(locale.En, tt.key) {
			t.Errorf("no message %s", tt.key)
		}
	}
}

// TestFactsMask: what a reviewer reads has no contact in full.
func TestFactsMask(t *testing.T) {
	t.Parallel()
	s, p := newSheet(t), &ui.Page{Lang: locale.En}
	e := registry.Entry{Capability: &scene.Capability{Listing: scene.Listing{
		Name: "漏损监测", Fields: []string{"smart_water"}, Contact: scene.Contact{Person: "张三丰", Phone: "13900001111", Mail: "zhang@example.cn"},
	}, Domestic: scene.Yes, Cases: []scene.Case{{Customer: "某厂", Year: 2025, Result: "好"}}}}
	next := copied(e)
	next.Listing().Contact.Phone = "13900002222"
	text := ""
	for _, f := range s.Facts(p, &e) {
		text += f.Label + "=" + f.Value + "\n"
	}
	for _, want := range []string{"Smart water", "139****1111", "某厂 | 2025 | 好", "Domestic stack=Yes"} {
		if !strings.Contains(text, want) {
			t.Errorf("the facts lack %q:\n%s", want, text)
		}
	}
	rows := s.Differences(p, &e, &next)
	if len(rows) != 1 || rows[0].Label != "Telephone" {
		t.Errorf("differences %+v", rows)
	}
	if strings.Contains(text, "13900001111") || strings.Contains(text, "张三丰") {
		t.Errorf("a contact in full:\n%s", text)
	}
}

// TestLabels: every field of both kinds has a name in both languages, and an
// example where it says so.
func TestLabels(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		p := &ui.Page{Lang: lang}
		for _, e := range []registry.Entry{{Opportunity: &scene.Opportunity{}}, {Capability: &scene.Capability{}}} {
			for _, g := range s.Form(p, &e, nil) {
				if strings.Contains(g.Title, "web.") {
					t.Errorf("%s: no name for the group %s", lang, g.Title)
				}
				for _, f := range g.Fields {
					if strings.Contains(f.Label+f.Good+f.Bad, "web.") {
						t.Errorf("%s: %s: %s %s %s", lang, f.Name, f.Label, f.Good, f.Bad)
					}
					for _, o := range f.Options {
						if strings.Contains(o.Label, "web.") {
							t.Errorf("%s: %s: no name for %s", lang, f.Name, o.Value)
						}
					}
				}
			}
		}
	}
}

// TestQualificationsKeepWhatIsKnown: a code that is taken away goes, one that is
// added comes, and titles and dates of the others stay.
func TestQualificationsKeepWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	e := registry.Entry{Capability: &scene.Capability{Qualifications: []scene.Qualification{
		{Code: "little_giant", Until: until}, {Code: "cmmi3"}, {Text: "某市首创奖"},
	}}}
	const high = "high_tech"
	if faults := s.Read(&e, url.Values{"qualifications": {"little_giant", high}}); len(faults) > 0 {
		t.Fatal(faults)
	}
	want := []scene.Qualification{{Code: "little_giant", Until: until}, {Text: "某市首创奖"}, {Code: high}}
	if diff := cmp.Diff(want, e.Capability.Qualifications); diff != "" {
		t.Error(diff)
	}
	if faults := s.Read(&e, url.Values{"qualifications": {"none such"}}); faults["qualifications"].Key == "" {
		t.Error("a qualification that no dictionary knows was taken")
	}
}

// TestFaultOfARangeStandsAtItsUpperEnd: entries name the range, the form has its ends.
func TestFaultOfARangeStandsAtItsUpperEnd(t *testing.T) {
	t.Parallel()
	p := &ui.Page{Lang: locale.Zh}
	for _, g := range newSheet(t).Form(p, &registry.Entry{Capability: &scene.Capability{}}, map[string]string{"price": "order", "delivery.max": "format"}) {
		for _, f := range g.Fields {
			if want := map[string]string{"price.max": "order", "delivery.max": "format"}[f.Name]; f.Fault != want {
				t.Errorf("%s: fault %q, want %q", f.Name, f.Fault, want)
			}
		}
	}
}

// TestPlaces: places are read with those before them, and in whatever way they are
// parted.
func TestPlaces(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	for text, want := range map[string]int{"江苏、上海": 2, "江苏 南京、鼓楼区": 3, "江苏省南京市鼓楼区，上海": 2, "江苏、江苏": 1, "江苏或上海": 2, "": 0} {
		e := registry.Entry{Capability: &scene.Capability{}}
		if faults := s.Read(&e, url.Values{"regions": {text}}); len(faults) != 0 || len(e.Listing().Regions) != want {
			t.Errorf("%q: %v, %v", text, e.Listing().Regions, faults)
		}
	}
}
