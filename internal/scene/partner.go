package scene

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PartyPartner is whoever belongs to a group (联合体) beside its leading provider.
const PartyPartner Party = "partner"

// Bounds of a group.
const (
	// MaxPartners is how many there may be beside the leading provider.
	MaxPartners = 5
	// MaxPart is the length of what one of a group does, in code points.
	MaxPart = 100
)

// Partner is an organisation that was asked to take a part in an engagement
// beside the leading provider. It joins or stays away on its own: neither holds
// up the pair.
type Partner struct {
	Org   ID `json:"org"`
	Offer ID `json:"offer"` // the capability it comes with
	// The names are those of when it was asked.
	OrgName   string `json:"org_name"`
	OfferName string `json:"offer_name"`
	Part      string `json:"part"` // what it does
	Stance    Stance `json:"stance,omitzero"`
	// Reason is of one that stays away, or left.
	Reason StopReason `json:"reason,omitempty"`
	Asked  time.Time  `json:"asked"`
}

// Partner is the one of an organisation, nil if it is none. It points into e.
func (e *Engagement) Partner(org ID) *Partner {
	for i := range e.Partners {
		if org != "" && e.Partners[i].Org == org {
			return &e.Partners[i]
		}
	}
	return nil
}

// Seat is where an organisation stands, as a side or as a partner; nil for
// whoever has no part. It points into e.
func (e *Engagement) Seat(org ID) *Stance {
	switch org {
	case "":
		return nil
	case e.NeedOrg:
		return &e.Owner
	case e.OfferOrg:
		return &e.Provider
	}
	if p := e.Partner(org); p != nil {
		return &p.Stance
	}
	return nil
}

// Agreed reports whether an organisation is at the table and shows its contact
// to those there who do so too.
func (e *Engagement) Agreed(org ID) bool {
	s := e.Seat(org)
	return s != nil && s.Says == Accepted && !s.Reveals.IsZero() && e.Stage != StageStopped
}

// Shows reports whether two organisations see each other's contacts.
func (e *Engagement) Shows(one, other ID) bool { return e.Agreed(one) && e.Agreed(other) }

// Whole reports whether what an organisation wrote is read by another one as it
// stands, with what people can be reached by: both sides of the pair agreed, and
// so did the two. "" is the centre.
func (e *Engagement) Whole(author, reader ID) bool {
	return e.Revealed() && (author == "" || e.Agreed(author)) && (reader == "" || e.Agreed(reader))
}

// Author is the organisation of who wrote an entry, "" for the centre.
func (e *Engagement) Author(entry *EngagementEntry) ID {
	if entry.Party == PartyPartner {
		return entry.Org
	}
	return e.Org(entry.Party)
}

// Rename has an organisation, of which another one took the place, give its part
// to that one. One that stayed away and would be there twice is left out.
func (e *Engagement) Rename(from, to ID, name string) {
	if e.NeedOrg == from {
		e.NeedOrg, e.NeedOrgName = to, name
	}
	if e.OfferOrg == from {
		e.OfferOrg, e.OfferOrgName = to, name
	}
	var kept []Partner
	seen := map[ID]bool{e.NeedOrg: true, e.OfferOrg: true}
	for _, p := range e.Partners {
		if p.Org == from {
			p.Org, p.OrgName = to, name
		}
		if !seen[p.Org] {
			seen[p.Org], kept = true, append(kept, p)
		}
	}
	e.Partners = kept
}

// Member is one who is asked into a group, and what it does there.
type Member struct {
	Offer ID
	Part  string
}

// ValidGroup checks a group: who leads does something, somebody is beside, and
// everybody is there once; zero Members stand for places that are empty. It returns an Invalid *Error whose fields are
// lead_part, partner1 … and part1 …, or nil.
func ValidGroup(lead Member, partners []Member) error {
	var f faults
	f.require("lead_part", lead.Part)
	f.tooLong("lead_part", lead.Part, MaxPart)
	f.check(slices.ContainsFunc(partners, func(m Member) bool { return m != Member{} }), "partner1", "engagement.group.nobody")
	f.check(len(partners) <= MaxPartners, fmt.Sprint("partner", MaxPartners), "engagement.group.many")
	seen := map[ID]bool{lead.Offer: true}
	for i, p := range partners {
		if p == (Member{}) {
			continue
		}
		partner, part := fmt.Sprint("partner", i+1), fmt.Sprint("part", i+1)
		f.check(p.Offer != "", partner, "engagement.group.which")
		f.check(p.Offer == "" || !seen[p.Offer], partner, "engagement.group.twice")
		f.check(strings.TrimSpace(p.Part) != "", part, "engagement.group.part")
		f.tooLong(part, p.Part, MaxPart)
		seen[p.Offer] = true
	}
	return f.err("engagement.group.invalid")
}
