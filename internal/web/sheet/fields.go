package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// Bounds of what is typed, in characters.
const (
	maxLine = 200
	maxText = 5000
	// mostQuoted is how much of it a message repeats.
	mostQuoted = 40
)

// line and area make fields that hold text as it is.
func line(name string, at func(*registry.Entry) *string) field {
	return field{name: name, max: maxLine, get: one(at), set: put(at)}
}

func area(name string, rows int, at func(*registry.Entry) *string) field {
	f := line(name, at)
	f.kind, f.rows, f.max = "text-area", rows, maxText
	return f
}

func one(at func(*registry.Entry) *string) func(*registry.Entry) []string {
	return func(e *registry.Entry) []string {
		if text := *at(e); text != "" {
			return []string{text}
		}
		return nil
	}
}

func put(at func(*registry.Entry) *string) func(*registry.Entry, []string) *Fault {
	return func(e *registry.Entry, values []string) *Fault {
		*at(e) = strings.Join(values, "\n")
		return nil
	}
}

// checks makes a field of any number of codes of a dictionary.
func (s *Sheet) checks(name, dictionary string, at func(*registry.Entry) *[]string) field {
	return field{
		name: name, kind: "checks", dictionary: dictionary,
		get: func(e *registry.Entry) []string { return *at(e) },
		set: func(e *registry.Entry, values []string) *Fault {
			if !s.knows(dictionary, values) {
				return &Fault{Key: "field.invalid"}
			}
			if !sameSet(*at(e), values) { // the order in which they were given stays
				*at(e) = values
			}
			return nil
		},
	}
}

// qualifications makes the field of what a provider holds. Titles that no
// dictionary knows, and what is known besides of the others, stay.
func (s *Sheet) qualifications() field {
	codes := func(e *registry.Entry) (list []string) {
		for _, q := range e.Capability.Qualifications {
			if q.Code != "" {
				list = append(list, q.Code)
			}
		}
		return list
	}
	set := func(e *registry.Entry, values []string) *Fault {
		if !s.knows(scene.DictQualification, values) {
			return &Fault{Key: "field.invalid"}
		}
		list := slices.DeleteFunc(slices.Clone(e.Capability.Qualifications), func(q scene.Qualification) bool {
			return q.Code != "" && !slices.Contains(values, q.Code)
		})
		before := codes(e)
		for _, code := range values {
			if !slices.Contains(before, code) {
				list, before = append(list, scene.Qualification{Code: code}), append(before, code)
			}
		}
		e.Capability.Qualifications = list
		return nil
	}
	return field{name: "qualifications", kind: "checks", dictionary: scene.DictQualification, get: codes, set: set}
}

// protection makes the field of a level of 等保.
func protection(name string, at func(*registry.Entry) *int) field {
	return choice(name, []string{"1", "2", "3", "4", "5"},
		func(e *registry.Entry) string { return level(*at(e)) },
		func(e *registry.Entry, v string) { *at(e), _ = strconv.Atoi(v) })
}

func (s *Sheet) knows(dictionary string, codes []string) bool {
	return !slices.ContainsFunc(codes, func(code string) bool {
		_, known := s.dict.Term(dictionary, code)
		return !known
	})
}

func sameSet(a, b []string) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(slices.Compact(x), slices.Compact(y))
}

// choice makes a field of one of the options or none.
func choice(name string, options []string, get func(*registry.Entry) string, set func(*registry.Entry, string)) field {
	return field{
		name: name, kind: "choice", options: options, short: true,
		get: func(e *registry.Entry) []string {
			if v := get(e); v != "" {
				return []string{v}
			}
			return nil
		},
		set: func(e *registry.Entry, values []string) *Fault {
			v := strings.Join(values, "")
			for _, o := range options {
				if v == o || v == "" {
					set(e, v)
					return nil
				}
			}
			return &Fault{Key: "field.invalid"}
		},
	}
}

// wan makes a field for an amount in 万元.
func wan(name string, at func(*registry.Entry) *scene.Money) field {
	return field{
		name: name, short: true, max: 20,
		get: func(e *registry.Entry) []string {
			if m := *at(e); m != 0 {
				return []string{m.Wan()}
			}
			return nil
		},
		set: func(e *registry.Entry, values []string) *Fault {
			*at(e) = 0
			if len(values) == 0 {
				return nil
			}
			m, err := scene.ParseWan(values[0])
			if err != nil {
				return unread("money.format", values[0])
			}
			*at(e) = m
			return nil
		},
	}
}

// months makes a field for a duration of whole or half months.
func months(name string, at func(*registry.Entry) *float64) field {
	return field{
		name: name, short: true, max: 8,
		get: func(e *registry.Entry) []string {
			if m := *at(e); m != 0 {
				return []string{strconv.FormatFloat(m, 'f', -1, 64)}
			}
			return nil
		},
		set: func(e *registry.Entry, values []string) *Fault {
			*at(e) = 0
			if len(values) == 0 {
				return nil
			}
			m, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSuffix(scene.Narrow(values[0]), "月"), "个"), 64)
			if err != nil || !(m > 0 && m <= 600) {
				return unread("months.format", values[0])
			}
			*at(e) = m
			return nil
		},
	}
}

// levels are the stages of maturity that people know, with their levels.
func levels() map[string]scene.Maturity {
	return map[string]scene.Maturity{"early": {Min: 1, Max: 4}, "middle": {Min: 5, Max: 7}, "mature": {Min: 8, Max: 9}}
}

// keywords makes the field of words that a comma or a blank separates.
func keywords() field {
	return field{
		name: "keywords", max: maxLine,
		get: func(e *registry.Entry) []string {
			if k := e.Listing().Keywords; len(k) > 0 {
				return []string{strings.Join(k, "、")}
			}
			return nil
		},
		set: func(e *registry.Entry, values []string) *Fault {
			var words []string
			for _, v := range values {
				words = append(words, strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("、，,;； \t\n", r) })...)
			}
			e.Listing().Keywords = words
			if len(words) > 20 {
				return &Fault{Key: "listing.keywords"}
			}
			return nil
		},
	}
}

// site makes the field of the place of a need, which stands as it was written; the
// divisions in it are read by the dictionary.
func (s *Sheet) site(name string) field {
	return field{
		name: name, max: maxLine,
		get: func(e *registry.Entry) []string {
			if e.Opportunity.SiteText != "" {
				return []string{e.Opportunity.SiteText}
			}
			return s.written(e.Opportunity.Regions)
		},
		set: func(e *registry.Entry, values []string) *Fault {
			e.Opportunity.SiteText = strings.Join(values, "、")
			e.Opportunity.Regions = s.dict.RegionOf(e.Opportunity.SiteText)
			return nil
		},
	}
}

// places makes a field of divisions, each of which must be in the dictionary: of a
// list that is read by half the rest would be lost without a word. What stands in it
// and was not touched stays: not every name leads back to its code.
func (s *Sheet) places(name string, at func(*registry.Entry) *[]string) field {
	get := func(e *registry.Entry) []string { return s.written(*at(e)) }
	return field{
		name: name, max: maxLine, get: get,
		set: func(e *registry.Entry, values []string) *Fault {
			text := strings.Join(values, "、")
			if text == strings.Join(get(e), "") {
				return nil
			}
			codes, unknown := s.divisions(text)
			if unknown != nil {
				return unread("listing.region_unknown", strings.Join(unknown, "、"))
			}
			*at(e) = codes
			return nil
		},
	}
}

// written is how divisions stand in a field: one text, none where there are none.
func (s *Sheet) written(codes []string) []string {
	var names []string
	for _, code := range codes {
		names = append(names, s.dict.Label(scene.DictRegion, code, "zh"))
	}
	if len(names) == 0 {
		return nil
	}
	return []string{strings.Join(names, "、")}
}

// divisions reads a list of places, and tells those that are no division, either by
// itself or after those before it (江苏、南京、鼓楼区).
func (s *Sheet) divisions(text string) (codes, unknown []string) {
	before := ""
	for _, place := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("、，,；;/", r) }) {
		next := s.dict.RegionOf(before + "、" + place)
		if slices.Equal(next, codes) && len(s.dict.RegionOf(place)) == 0 {
			unknown = append(unknown, place)
			continue
		}
		before, codes = before+"、"+place, next
	}
	return codes, unknown
}

// required marks a field that must be filled before the entry is handed in.
func required(f field) field {
	f.must = true
	return f
}

// shown gives a field an example of each sort.
func shown(f field) field {
	f.example = true
	return f
}

// half lets a field take half a line.
func half(f field) field {
	f.short = true
	return f
}

func (s *Sheet) contact() group {
	return group{"contact", []field{
		required(half(line("contact.person", func(e *registry.Entry) *string { return &e.Listing().Contact.Person }))),
		half(line("contact.phone", func(e *registry.Entry) *string { return &e.Listing().Contact.Phone })),
		half(line("contact.mail", func(e *registry.Entry) *string { return &e.Listing().Contact.Mail })),
	}}
}

func english() group {
	return group{"english", []field{
		shown(line("name_en", func(e *registry.Entry) *string { return &e.Listing().NameEn })),
		shown(area("summary_en", 3, func(e *registry.Entry) *string { return &e.Listing().Summary })),
	}}
}
