package scene

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares no memory with o that could be written to.
func (o Opportunity) Clone() Opportunity {
	o.Listing = o.Listing.clone()
	o.Require.Qualifications, o.Require.Regions = slices.Clone(o.Require.Qualifications), slices.Clone(o.Require.Regions)
	o.Attachments = slices.Clone(o.Attachments)
	return o
}

// Clone returns a copy that shares no memory with c that could be written to.
func (c Capability) Clone() Capability {
	c.Listing = c.Listing.clone()
	c.Qualifications, c.Cases = slices.Clone(c.Qualifications), slices.Clone(c.Cases)
	c.Wants.Regions, c.Wants.Modes = slices.Clone(c.Wants.Regions), slices.Clone(c.Wants.Modes)
	return c
}

// Clone returns a copy that shares no memory with o that could be written to.
func (o Organisation) Clone() Organisation {
	o.Aliases, o.Industries, o.Qualifications = slices.Clone(o.Aliases), slices.Clone(o.Industries), slices.Clone(o.Qualifications)
	return o
}

func (l Listing) clone() Listing {
	l.Fields, l.Industries, l.Keywords = slices.Clone(l.Fields), slices.Clone(l.Industries), slices.Clone(l.Keywords)
	l.Modes, l.Regions, l.Extra = slices.Clone(l.Modes), slices.Clone(l.Regions), maps.Clone(l.Extra)
	if l.Origin != nil {
		origin := *l.Origin
		l.Origin = &origin
	}
	return l
}
