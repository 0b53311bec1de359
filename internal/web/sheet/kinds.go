package sheet

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// needGroups is the form of an opportunity.
func (s *Sheet) needGroups() []group {
	text := func(at func(*scene.Opportunity) *string) func(*registry.Entry) *string {
		return func(e *registry.Entry) *string { return at(e.Opportunity) }
	}
	return []group{
		{"basics", []field{
			required(shown(line("name", func(e *registry.Entry) *string { return &e.Listing().Name }))),
			required(s.checks("fields", scene.DictField, func(e *registry.Entry) *[]string { return &e.Listing().Fields })),
			half(line("department", text(func(o *scene.Opportunity) *string { return &o.Department }))),
			half(shown(s.site("regions"))),
		}},
		{"need", []field{
			shown(area("situation", 4, text(func(o *scene.Opportunity) *string { return &o.Situation }))),
			required(shown(area("need", 5, text(func(o *scene.Opportunity) *string { return &o.Need })))),
			shown(area("targets", 3, text(func(o *scene.Opportunity) *string { return &o.Targets }))),
			shown(area("resources", 3, text(func(o *scene.Opportunity) *string { return &o.Resources }))),
		}},
		{"terms", []field{
			s.checks("modes", scene.DictMode, func(e *registry.Entry) *[]string { return &e.Listing().Modes }),
			wan("budget.min", func(e *registry.Entry) *scene.Money { return &e.Opportunity.Budget.Min }),
			wan("budget.max", func(e *registry.Entry) *scene.Money { return &e.Opportunity.Budget.Max }),
			months("schedule.max", func(e *registry.Entry) *float64 { return &e.Opportunity.Schedule.Max }),
			choice("eligibility.min_maturity", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"},
				func(e *registry.Entry) string { return level(e.Opportunity.Require.MinMaturity) },
				func(e *registry.Entry, v string) { e.Opportunity.Require.MinMaturity, _ = strconv.Atoi(v) }),
			s.checks("eligibility.qualifications", scene.DictQualification, func(e *registry.Entry) *[]string { return &e.Opportunity.Require.Qualifications }),
			half(s.places("eligibility.regions", func(e *registry.Entry) *[]string { return &e.Opportunity.Require.Regions })),
			choice("eligibility.domestic", []string{"yes"},
				func(e *registry.Entry) string { return truth(asTruth(e.Opportunity.Require.Domestic)) },
				func(e *registry.Entry, v string) { e.Opportunity.Require.Domestic = v == "yes" }),
			choice("eligibility.consortium", []string{"yes", "no"},
				func(e *registry.Entry) string { return truth(e.Opportunity.Require.Consortium) },
				func(e *registry.Entry, v string) { _ = e.Opportunity.Require.Consortium.UnmarshalText([]byte(v)) }),
			protection("eligibility.mlps", func(e *registry.Entry) *int { return &e.Opportunity.Require.MLPS }),
			choice("first_use", []string{"yes", "no"},
				func(e *registry.Entry) string { return truth(e.Opportunity.FirstUse) },
				func(e *registry.Entry, v string) { _ = e.Opportunity.FirstUse.UnmarshalText([]byte(v)) }),
			validTo(),
			shown(keywords()),
		}},
		s.contact(),
		english(),
	}
}

// offerGroups is the form of a capability.
func (s *Sheet) offerGroups() []group {
	text := func(at func(*scene.Capability) *string) func(*registry.Entry) *string {
		return func(e *registry.Entry) *string { return at(e.Capability) }
	}
	return []group{
		{"basics", []field{
			required(shown(line("name", func(e *registry.Entry) *string { return &e.Listing().Name }))),
			required(s.checks("fields", scene.DictField, func(e *registry.Entry) *[]string { return &e.Listing().Fields })),
		}},
		{"offer", []field{
			required(shown(area("description", 6, text(func(c *scene.Capability) *string { return &c.Description })))),
			shown(area("scenarios", 3, text(func(c *scene.Capability) *string { return &c.ScenarioText }))),
			shown(area("indicators", 3, text(func(c *scene.Capability) *string { return &c.Indicators }))),
			shown(area("technology", 3, text(func(c *scene.Capability) *string { return &c.TechText }))),
			shown(area("conditions", 3, text(func(c *scene.Capability) *string { return &c.Conditions }))),
			shown(cases()),
			shown(area("ip", 2, text(func(c *scene.Capability) *string { return &c.IP }))),
		}},
		{"terms", []field{
			choice("maturity", []string{"early", "middle", "mature"},
				func(e *registry.Entry) string { return e.Capability.Maturity.Stage() },
				func(e *registry.Entry, v string) {
					if e.Capability.Maturity.Stage() != v { // a level known more exactly stays
						e.Capability.Maturity = levels()[v]
					}
				}),
			s.checks("modes", scene.DictMode, func(e *registry.Entry) *[]string { return &e.Listing().Modes }),
			wan("price.min", func(e *registry.Entry) *scene.Money { return &e.Capability.Price.Min }),
			wan("price.max", func(e *registry.Entry) *scene.Money { return &e.Capability.Price.Max }),
			months("delivery.max", func(e *registry.Entry) *float64 { return &e.Capability.Delivery.Max }),
			half(shown(s.places("regions", func(e *registry.Entry) *[]string { return &e.Capability.Regions }))),
			choice("domestic", []string{"yes", "no"},
				func(e *registry.Entry) string { return truth(e.Capability.Domestic) },
				func(e *registry.Entry, v string) { _ = e.Capability.Domestic.UnmarshalText([]byte(v)) }),
			s.qualifications(),
			protection("mlps", func(e *registry.Entry) *int { return &e.Capability.MLPS }),
			half(line("first_of_kind", text(func(c *scene.Capability) *string { return &c.FirstOfKind }))),
			validTo(),
			shown(keywords()),
		}},
		s.contact(),
		english(),
	}
}

func level(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func truth(t scene.Truth) string {
	if t == scene.Unknown {
		return ""
	}
	return t.String()
}

// asTruth is what a condition that is either set or not told says.
func asTruth(set bool) scene.Truth {
	if set {
		return scene.Yes
	}
	return scene.Unknown
}

// validTo is the last day on which the entry is open, in Chinese time.
func validTo() field {
	return field{
		name: "valid_to", kind: "date", short: true,
		get: func(e *registry.Entry) []string {
			if t := e.Listing().ValidTo; !t.IsZero() {
				return []string{t.In(scene.China()).Format(time.DateOnly)}
			}
			return nil
		},
		set: func(e *registry.Entry, values []string) *Fault {
			e.Listing().ValidTo = time.Time{}
			if len(values) == 0 {
				return nil
			}
			day, err := time.ParseInLocation(time.DateOnly, values[0], scene.China())
			if err != nil {
				return unread("date.format", values[0])
			}
			e.Listing().ValidTo = day.AddDate(0, 0, 1).Add(-time.Microsecond).UTC()
			return nil
		},
	}
}

// cases is one use a line: customer, year, result, with a bar between.
func cases() field {
	return field{
		name: "cases", kind: "text-area", rows: 3, max: maxText,
		get: func(e *registry.Entry) []string {
			var lines []string
			for _, c := range e.Capability.Cases {
				lines = append(lines, strings.TrimRight(c.Customer+" | "+level(c.Year)+" | "+c.Result, " |"))
			}
			if len(lines) == 0 {
				return nil
			}
			return []string{strings.Join(lines, "\n")}
		},
		set: func(e *registry.Entry, values []string) *Fault {
			e.Capability.Cases = nil
			for text := range strings.SplitSeq(strings.Join(values, "\n"), "\n") {
				customer, rest := cutBar(text)
				year, result := cutBar(rest)
				c := scene.Case{Customer: customer, Result: result}
				c.Year, _ = strconv.Atoi(strings.TrimSuffix(year, "年"))
				if c.Customer != "" {
					e.Capability.Cases = append(e.Capability.Cases, c)
				}
			}
			return nil
		},
	}
}

// cutBar cuts at the first bar, of either width.
func cutBar(s string) (before, after string) {
	i := strings.IndexAny(s, "|｜")
	if i < 0 {
		return strings.TrimSpace(s), ""
	}
	_, width := utf8.DecodeRuneInString(s[i:])
	return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+width:])
}
