package transfer

import (
	"slices"

	"jinghe/internal/scene"
)

// ParseMapping makes the decisions of a person, head to field, into a mapping
// for ReadOptions. A field is known by its name (“need”), by the head that our
// own layout prints for it (“具体需求”), or is [Ignore]. It returns an Invalid
// error that names the first field that nobody knows.
func ParseMapping(decisions map[string]string) (map[string]Field, error) {
	known := map[string]Field{string(Ignore): Ignore}
	var names []string
	for _, kind := range []scene.Kind{demand, supply} {
		for _, s := range newCatalogue(kind).specs {
			known[string(s.field)], known[foldHead(s.head)] = s.field, s.field
			if !slices.Contains(names, string(s.field)) {
				names = append(names, string(s.field))
			}
		}
	}
	mapping := map[string]Field{}
	for head, name := range decisions {
		field, ok := known[name]
		if !ok {
			field, ok = known[foldHead(name)]
		}
		if !ok || foldHead(head) == "" {
			slices.Sort(names)
			return nil, &scene.Error{
				Code: scene.Invalid, Op: "transfer.ParseMapping", Key: "transfer.mapping_unknown",
				Args: map[string]any{"head": head, "field": name, "fields": joinNames(names)},
			}
		}
		mapping[foldHead(head)] = field
	}
	return mapping, nil
}

func joinNames(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += " "
		}
		s += n
	}
	return s
}

// FieldHead is a field and the head that our own layout prints for it.
type FieldHead struct {
	Field Field
	Head  string
}

// FieldHeads lists the fields that a column of a list of that kind can mean, in
// the order of our own layout.
func FieldHeads(kind scene.Kind) []FieldHead {
	var list []FieldHead
	for _, s := range newCatalogue(kind).specs {
		if s.set != nil && s.field != fieldAvailableOnly {
			list = append(list, FieldHead{s.field, s.head})
		}
	}
	return list
}
