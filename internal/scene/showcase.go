package scene

import "time"

// Showcase is a scenario that was put to use and can be looked at (示范场景,
// 案例): where, by whom, what it was like before and is now, in figures, and what
// copying it elsewhere takes.
type Showcase struct {
	ID       ID     `json:"id"`
	Revision int    `json:"revision"` // starts at 1, rises with every write
	Name     string `json:"name"`
	NameEn   string `json:"name_en,omitempty"`
	Summary  string `json:"summary_en,omitempty"` // English summary

	// Opportunity and Capability are the entries it grew from, where they are
	// listed here; Owner and Provider name the two sides in any case.
	Opportunity ID     `json:"opportunity,omitempty"`
	Capability  ID     `json:"capability,omitempty"`
	Owner       string `json:"owner"`
	Provider    string `json:"provider"`

	Fields []string `json:"fields,omitempty"` // codes of the dictionary “field”
	Site   string   `json:"site,omitempty"`   // where, in words
	Since  string   `json:"since,omitempty"`  // in use since: YYYY-MM

	Scenario string   `json:"scenario"`          // 场景: what it is about
	Before   string   `json:"before,omitempty"`  // 应用前
	After    string   `json:"after,omitempty"`   // 应用后
	Figures  []Figure `json:"figures,omitempty"` // at most 8
	// Investment is what it took, as far as it may be told.
	Investment MoneyRange `json:"investment,omitzero"`
	Conditions string     `json:"conditions,omitempty"` // 复制推广条件
	Evidence   string     `json:"evidence,omitempty"`   // where the figures come from
	Plate      string     `json:"plate,omitempty"`      // 示范授牌

	State   State     `json:"state"` // Draft, Published or Closed
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Figure is one measure before and after.
type Figure struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after"`
	Unit   string `json:"unit,omitempty"`
}

// maxFigures is how many measures a page can show side by side.
const maxFigures = 8

// Validate checks s and returns an Invalid *Error with one field per fault, or nil.
func (s *Showcase) Validate() error {
	var f faults
	for _, field := range []struct {
		name, value string
		limit       int
		required    bool
	}{
		{"name", s.Name, maxName, true},
		{"name_en", s.NameEn, maxName, false},
		{"summary_en", s.Summary, maxShowcaseText, false},
		{"owner", s.Owner, maxName, true},
		{"provider", s.Provider, maxName, true},
		{"site", s.Site, maxName, false},
		{"scenario", s.Scenario, maxShowcaseText, true},
		{"before", s.Before, maxShowcaseText, false},
		{"after", s.After, maxShowcaseText, false},
		{"conditions", s.Conditions, maxShowcaseText, false},
		{"evidence", s.Evidence, maxShowcaseText, false},
		{"plate", s.Plate, maxName, false},
	} {
		if field.required {
			f.require(field.name, field.value)
		}
		f.tooLong(field.name, field.value, field.limit)
	}
	if s.Since != "" {
		_, err := time.Parse("2006-01", s.Since)
		f.check(err == nil, "since", "showcase.since")
	}
	f.check(len(s.Figures) <= maxFigures, "figures", "showcase.figures_many")
	for _, x := range s.Figures {
		f.check(x.Name != "" && x.After != "", "figures", "showcase.figure")
	}
	validRange(&f, "investment", s.Investment)
	f.check(s.State == Draft || s.State == Published || s.State == Closed, "state", "listing.state")
	return f.err("showcase.invalid")
}

// maxShowcaseText bounds a text of a showcase, in code points.
const maxShowcaseText = 4_000
