package transfer

import (
	"slices"

	"jinghe/internal/scene"
)

// mergeOrganisations joins what the rows of one file tell of the same firm,
// known by credit code or else by folded name, so that every row knows all of
// it. A row keeps the name and the credit code that it was given; two different
// codes under one name are two firms, which the importer tells.
func mergeOrganisations(rows []scene.Row) {
	byKey := map[string]*scene.Organisation{}
	of := make([]*scene.Organisation, len(rows))
	for i := range rows {
		org := &rows[i].Org
		if org.Name == "" {
			continue
		}
		var keys []string
		if org.CreditCode != "" {
			keys = append(keys, "code\x1f"+string(org.CreditCode))
		}
		keys = append(keys, "name\x1f"+scene.NameKey(org.Name))
		known := firstKnown(byKey, keys)
		switch {
		case known == nil:
			first := cloneOrganisation(org)
			known = &first
		case known.CreditCode != "" && org.CreditCode != "" && known.CreditCode != org.CreditCode:
			continue
		default:
			fillOrganisation(known, org)
		}
		for _, k := range keys {
			if byKey[k] == nil {
				byKey[k] = known
			}
		}
		of[i] = known
	}
	for i := range rows {
		if of[i] != nil {
			name := rows[i].Org.Name
			rows[i].Org = cloneOrganisation(of[i])
			rename(&rows[i].Org, name)
		}
	}
}

func firstKnown(byKey map[string]*scene.Organisation, keys []string) *scene.Organisation {
	for _, k := range keys {
		if o := byKey[k]; o != nil {
			return o
		}
	}
	return nil
}

// rename gives o the spelling of one row; the one it had becomes an alias.
func rename(o *scene.Organisation, name string) {
	key := scene.NameKey(name)
	if key != scene.NameKey(o.Name) {
		o.Aliases = unique(append(slices.DeleteFunc(o.Aliases, func(a string) bool { return scene.NameKey(a) == key }), o.Name))
	}
	o.Name = name
}

func cloneOrganisation(o *scene.Organisation) scene.Organisation {
	c := *o
	c.Aliases = slices.Clone(o.Aliases)
	c.Industries = slices.Clone(o.Industries)
	c.Qualifications = slices.Clone(o.Qualifications)
	return c
}

// fillOrganisation adds to o what more tells beyond it. Another name under the
// same credit code becomes an alias.
func fillOrganisation(o, more *scene.Organisation) {
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	fill(&o.NameEn, more.NameEn)
	fill(&o.Region, more.Region)
	fill(&o.Address, more.Address)
	if len(more.Profile) > len(o.Profile) {
		o.Profile = more.Profile
	}
	if o.CreditCode == "" {
		o.CreditCode = more.CreditCode
	}
	if o.Kind == "" {
		o.Kind = more.Kind
	}
	if o.Founded == 0 {
		o.Founded = more.Founded
	}
	if more.Name != "" && scene.NameKey(more.Name) != scene.NameKey(o.Name) {
		o.Aliases = unique(append(o.Aliases, more.Name))
	}
	o.Aliases = unique(append(o.Aliases, more.Aliases...))
	o.Industries = unique(append(o.Industries, more.Industries...))
	o.Qualifications = uniqueTitles(append(o.Qualifications, more.Qualifications...))
}
