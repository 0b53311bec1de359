package scene

import (
	"strings"
	"testing"
	"time"
)

// TestGroupSeats: an organisation has one place at the table, and contacts and
// words are shown only among those who agreed.
func TestGroupSeats(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	shown, silent := Stance{Says: Accepted, Reveals: at}, Stance{Says: Accepted}
	e := Engagement{
		NeedOrg: "city", OfferOrg: "firm", Stage: StageDocking, Owner: shown, Provider: shown,
		Partners: []Partner{{Org: "one", Stance: shown}, {Org: "two", Stance: silent}, {Org: "out", Stance: Stance{Says: Declined, Reveals: at}}},
	}
	member := Actor{ID: "a", OrgID: "two", Roles: []Role{RoleProvider}}
	if e.PartyOf(&member) != PartyPartner || e.Seat("none") != nil || e.Seat("") != nil || e.Seat("one") != &e.Partners[0].Stance || e.Seat("city") != &e.Owner {
		t.Error("a place at the table is not its own")
	}
	for _, tt := range []struct {
		one, other   ID
		shows, whole bool
	}{
		{"city", "firm", true, true},
		{"city", "one", true, true},
		{"one", "two", false, false},
		{"out", "city", false, false},
		{"city", "none", false, false},
		{"", "city", false, true}, // the centre has no contact and reads what both sides agreed to show
		{"two", "", false, false},
	} {
		if e.Shows(tt.one, tt.other) != tt.shows || e.Shows(tt.other, tt.one) != tt.shows || e.Whole(tt.one, tt.other) != tt.whole {
			t.Errorf("%s and %s: shows %v, whole %v", tt.one, tt.other, e.Shows(tt.one, tt.other), e.Whole(tt.one, tt.other))
		}
	}
	e.Owner.Reveals = time.Time{}
	if !e.Shows("firm", "one") || e.Whole("firm", "one") {
		t.Error("two partners who agree see each other, but read nothing whole while a side of the pair does not agree")
	}
	e.Stage = StageStopped
	if e.Shows("firm", "one") {
		t.Error("what stopped shows contacts")
	}
}

func TestGroupRename(t *testing.T) {
	t.Parallel()
	e := Engagement{NeedOrg: "city", OfferOrg: "firm", Partners: []Partner{{Org: "one", OrgName: "甲"}, {Org: "two"}}}
	e.Rename("one", "new", "新")
	if p := e.Partner("new"); p == nil || p.OrgName != "新" || len(e.Partners) != 2 || e.Partner("one") != nil {
		t.Errorf("renamed: %+v", e.Partners)
	}
	e.Rename("two", "firm", "单位")
	if len(e.Partners) != 1 || e.Partners[0].Org != "new" {
		t.Errorf("twice at one table: %+v", e.Partners)
	}
	e.Rename("city", "town", "镇")
	if e.NeedOrg != "town" || e.NeedOrgName != "镇" {
		t.Errorf("the owner: %+v", e)
	}
}

func TestValidGroup(t *testing.T) {
	t.Parallel()
	lead, one, long := Member{"a", "集成"}, Member{"b", "供货"}, strings.Repeat("长", MaxPart+1)
	for name, tt := range map[string]struct {
		lead     Member
		partners []Member
		field    string
	}{
		"OK":          {lead, []Member{one}, ""},
		"OKWithGap":   {lead, []Member{{}, one, {}}, ""},
		"ErrNobody":   {lead, []Member{{}, {}}, "partner1"},
		"ErrLead":     {Member{"a", " "}, []Member{one}, "lead_part"},
		"ErrLong":     {lead, []Member{{"b", long}}, "part1"},
		"ErrPart":     {lead, []Member{{}, {"b", ""}}, "part2"},
		"ErrWhich":    {lead, []Member{{"", "供货"}}, "partner1"},
		"ErrTwice":    {lead, []Member{one, one}, "partner2"},
		"ErrLeadSame": {lead, []Member{lead}, "partner1"},
		"ErrMany":     {lead, []Member{{"1", "x"}, {"2", "x"}, {"3", "x"}, {"4", "x"}, {"5", "x"}, {"6", "x"}}, "partner5"},
	} {
		err := ValidGroup(tt.lead, tt.partners)
		if e, _ := err.(*Error); (err == nil) != (tt.field == "") || e != nil && (len(e.Fields) != 1 || e.Fields[0].Field != tt.field) { //nolint:errorlint // not wrapped
			t.Errorf("%s: %v", name, err)
		}
	}
}
