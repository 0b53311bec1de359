// Package survey looks over a list and says what a person should put right:
// which listings are stated too broadly, which are nearly the same, and which
// field of use a listing without one seems to belong to. It changes nothing.
//
// It stands on the second floor, beside registry and broker, and knows neither:
// rows come in, a report goes out.
package survey

import (
	"cmp"
	"context"
	"slices"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// Options shape a report.
type Options struct {
	Lang locale.Lang // of sentences; "" means Chinese
	// Fields are the terms of the dictionary “field”; without them no field is suggested.
	Fields []scene.Term
	// Top is how many entries of each sort are listed; 0 means 200. The counts
	// are always complete.
	Top int
	// Progress, if not nil, is told the rows done and their total.
	Progress func(done, total int)
}

const defaultTop = 200

// Place names a listing.
type Place struct {
	Kind scene.Kind `json:"kind"`
	ID   scene.ID   `json:"id,omitempty"` // empty for a row that is not stored
	Code string     `json:"code"`         // or the label of the row
	Name string     `json:"name"`
	Org  string     `json:"org"`
	// Source is the list it came from.
	Source string `json:"source,omitempty"`
}

// Unclear is a listing that could be stated better.
type Unclear struct {
	Place
	Clarity match.Clarity `json:"clarity"`
}

// Twin is a pair that says nearly the same. The first is the one that stands
// in the store, where only one does.
type Twin struct {
	First       Place              `json:"first"`
	Second      Place              `json:"second"`
	Similarity  float64            `json:"similarity"`
	SameOrg     bool               `json:"same_organisation"`
	Differences []match.Difference `json:"differences" nullable:"false"`
}

// Unfiled is a listing without a field of use.
type Unfiled struct {
	Place
	Category string `json:"category,omitempty"` // the cell as written
	// Suggestions are confident ones only, best first.
	Suggestions []match.Suggestion `json:"suggestions" nullable:"false"`
	Label       string             `json:"label,omitempty"` // of the best one, in the language asked for
}

// Report is what a survey found.
type Report struct {
	Needs  int `json:"needs"`
	Offers int `json:"offers"`
	// Vague counts the needs that say too little for a match to mean much.
	Vague int `json:"vague"`
	// Clarity is the mean of all scores, in [0,1].
	Clarity float64 `json:"clarity"`
	// Lacking counts listings by the key of the advice they need: “budget” → 31.
	Lacking map[string]int `json:"lacking"`
	// Unclear lists those whose score is below half, least clear first.
	Unclear      []Unclear `json:"unclear" nullable:"false"`
	UnclearCount int       `json:"unclear_count"`
	Twins        []Twin    `json:"twins" nullable:"false"`
	TwinCount    int       `json:"twin_count"`
	// Unfiled lists those of which a field can be suggested with confidence.
	Unfiled      []Unfiled `json:"unfiled" nullable:"false"`
	UnfiledCount int       `json:"unfiled_count"` // all without a field
}

// unclearBelow is the clarity below which a listing is listed.
const unclearBelow = 0.5

// Look surveys rows. others are rows they are compared with, and learned from,
// but that are not surveyed themselves: the store, while a file is looked at.
func Look(ctx context.Context, engine *match.Engine, rows, others []scene.Row, o Options) (Report, error) {
	if o.Lang == "" {
		o.Lang = locale.Zh
	}
	if o.Top <= 0 {
		o.Top = defaultTop
	}
	s := &surveyor{engine: engine, o: o, own: len(rows), report: Report{
		Lacking: map[string]int{}, Unclear: []Unclear{}, Twins: []Twin{}, Unfiled: []Unfiled{},
	}}
	for _, list := range [][]scene.Row{rows, others} {
		for i := range list {
			if len(s.rows)%256 == 0 && ctx.Err() != nil {
				return s.report, scene.Wrap("survey.Look", ctx.Err())
			}
			s.add(&list[i])
		}
	}
	if err := s.clarity(ctx); err != nil {
		return s.report, err
	}
	if err := s.twins(ctx); err != nil {
		return s.report, err
	}
	s.fields()
	return s.report, nil
}

type surveyor struct {
	engine   *match.Engine
	o        Options
	own      int // rows surveyed; those behind are only compared with
	rows     []*scene.Row
	profiles []*match.Profile
	report   Report
}

func (s *surveyor) add(row *scene.Row) {
	var p *match.Profile
	if row.Opportunity != nil {
		p = s.engine.Need(row.Opportunity, &row.Org)
	} else {
		p = s.engine.Offer(row.Capability, &row.Org)
	}
	s.rows, s.profiles = append(s.rows, row), append(s.profiles, p)
}

func (s *surveyor) place(i int) Place {
	l := s.rows[i].Listing()
	code := cmp.Or(l.Code, s.rows[i].Label, l.RowLabel)
	org := l.OrgName
	if org == "" {
		org = s.rows[i].Org.Name
	}
	return Place{Kind: s.rows[i].Kind(), ID: l.ID, Code: code, Name: l.Name, Org: org, Source: l.Source}
}

func (s *surveyor) clarity(ctx context.Context) error {
	sum := 0.0
	for i, p := range s.profiles[:s.own] {
		if i%64 == 0 {
			if err := ctx.Err(); err != nil {
				return scene.Wrap("survey.Look", err)
			}
			s.tell(i)
		}
		c := s.engine.Clarity(p, s.o.Lang)
		sum += c.Score
		if p.Side == match.SideNeed {
			s.report.Needs++
		} else {
			s.report.Offers++
		}
		if c.Vague {
			s.report.Vague++
		}
		for _, a := range c.Advice {
			s.report.Lacking[a.Key]++
		}
		if c.Score < unclearBelow || c.Vague {
			s.report.Unclear = append(s.report.Unclear, Unclear{s.place(i), covered(c)})
		}
	}
	s.tell(s.own)
	s.report.Clarity = sum / float64(max(s.own, 1))
	s.report.UnclearCount = len(s.report.Unclear)
	slices.SortStableFunc(s.report.Unclear, func(a, b Unclear) int { return cmp.Compare(a.Clarity.Score, b.Clarity.Score) })
	s.report.Unclear = s.report.Unclear[:min(len(s.report.Unclear), s.o.Top)]
	return nil
}

// covered hides telephone numbers in the passages quoted: reports are passed on.
func covered(c match.Clarity) match.Clarity {
	for i := range c.Advice {
		a := &c.Advice[i]
		a.Advice = scene.Redact(a.Advice)
		if a.Passage != nil {
			a.Passage.Text = scene.Redact(a.Passage.Text)
		}
	}
	return c
}

func (s *surveyor) tell(done int) {
	if s.o.Progress != nil && s.own > 0 {
		s.o.Progress(done, s.own)
	}
}

// twins lists the pairs of which at least one is surveyed. A row that is the
// stored entry itself, in the registry's sense, is no twin of it.
func (s *surveyor) twins(ctx context.Context) error {
	found, err := s.engine.Twins(ctx, s.profiles, match.TwinLeast)
	if err != nil {
		return scene.Wrap("survey.Look", err)
	}
	for _, x := range found {
		first, second := x.First, x.Second
		if first >= s.own || second >= s.own && s.sameEntry(first, second) {
			continue
		}
		s.report.TwinCount++
		if len(s.report.Twins) >= s.o.Top {
			continue
		}
		if second >= s.own {
			first, second = second, first
		}
		a, b := s.place(first), s.place(second)
		s.report.Twins = append(s.report.Twins, Twin{
			First: a, Second: b, Similarity: x.Similarity, SameOrg: scene.NameKey(a.Org) == scene.NameKey(b.Org),
			Differences: s.engine.Differences(s.profiles[first], s.profiles[second], s.o.Lang),
		})
	}
	return nil
}

func (s *surveyor) sameEntry(i, j int) bool {
	a, b := s.place(i), s.place(j)
	x, y := s.rows[i].Listing(), s.rows[j].Listing()
	return x.Code != "" && x.Code == y.Code && x.Source == y.Source ||
		scene.NameKey(a.Name) == scene.NameKey(b.Name) && scene.NameKey(a.Org) == scene.NameKey(b.Org)
}

func (s *surveyor) fields() {
	if len(s.o.Fields) == 0 {
		return
	}
	classifier := s.engine.Classifier(s.o.Fields, s.profiles)
	for i, p := range s.profiles[:s.own] {
		if len(p.Fields) > 0 {
			continue
		}
		s.report.UnfiledCount++
		list := classifier.Suggest(p, 3)
		if len(list) == 0 || list[0].Confidence < match.SuggestLeast || len(s.report.Unfiled) >= s.o.Top {
			continue
		}
		list = slices.DeleteFunc(list, func(x match.Suggestion) bool { return x.Confidence < 1-match.SuggestLeast })
		s.report.Unfiled = append(s.report.Unfiled, Unfiled{
			Place: s.place(i), Category: s.rows[i].Listing().Category, Suggestions: list, Label: s.label(list[0].Code),
		})
	}
}

func (s *surveyor) label(code string) string {
	for _, t := range s.o.Fields {
		if t.Code == code {
			if s.o.Lang == locale.En && t.En != "" {
				return t.En
			}
			return t.Zh
		}
	}
	return code
}
