package transfer

import (
	"slices"

	"jinghe/internal/scene"
)

// mergeOrganisations joins what the rows of one file tell of the same firm,
// known by credit code or folded name, so that every row knows all of it.
func mergeOrganisations(rows []scene.Row) {
	byKey := map[string]*scene.Organisation{}
	of := make([]*scene.Organisation, len(rows))
	for i := range rows {
		org := &rows[i].Org
		if org.Name == "" {
			continue
		}
		keys := []string{"name\x1f" + scene.NameKey(org.Name)}
		if org.CreditCode != "" {
			keys = append(keys, "code\x1f"+string(org.CreditCode))
		}
		var known *scene.Organisation
		for _, k := range slices.Backward(keys) {
			if known = byKey[k]; known != nil {
				break
			}
		}
		if known == nil {
			first := *org
			known = &first
		} else {
			fillOrganisation(known, org)
		}
		for _, k := range keys {
			byKey[k] = known
		}
		of[i] = known
	}
	for i := range rows {
		if of[i] != nil {
			own := rows[i].Org
			rows[i].Org = cloneOrganisation(of[i])
			rows[i].Listing().OrgName = of[i].Name
			if own.CreditCode != "" { // a contradiction is the importer's to tell
				rows[i].Org.CreditCode = own.CreditCode
			}
		}
	}
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
