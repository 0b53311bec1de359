package pairs

import (
	"testing"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// TestCameFrom: a case says which meeting of which event it comes from; staff come to the
// report, the two sides to the event. One that settled no entries is called by its two
// organisations, with an entry of each.
func TestCameFrom(t *testing.T) {
	t.Parallel()
	e := scene.Engagement{
		ID: "e", Need: "n", Offer: "o", NeedOrg: "org0", OfferOrg: "org1", NeedName: "需求", OfferName: "能力", NeedOrgName: "甲局", OfferOrgName: "乙公司",
		Met: scene.FairMet{Fair: "f1", Title: "对接会", Meeting: "a~b", At: time.Date(2026, 11, 21, 1, 55, 0, 0, time.UTC)},
	}
	of := func(party scene.Party, by scene.Actor) *builder {
		return &builder{p: &ui.Page{Lang: locale.Zh}, by: by, k: &engage.Case{Engagement: e, Party: party}}
	}
	staff := of(scene.PartyCentre, scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}})
	owner := of(scene.PartyOwner, scene.Actor{ID: "p", OrgID: "org0", Roles: []scene.Role{scene.RoleOwner}})
	const text = "来自活动“对接会”2026年11月21日 09:55 的洽谈"
	if got := staff.from(); got != (ui.Link{Text: text, URL: "/console/events/f1/report#cases"}) {
		t.Errorf("staff come to %+v", got)
	}
	if got := owner.from(); got != (ui.Link{Text: text, URL: "/events/f1"}) {
		t.Errorf("an owner comes to %+v", got)
	}
	if s := owner.side(scene.PartyOwner); s.Name != "需求" || s.Entry != (ui.Link{}) {
		t.Errorf("called %+v", s)
	}
	owner.k.Loose = true
	if s := owner.side(scene.PartyProvider); s.Name != "乙公司" || s.Entry != (ui.Link{Text: "带来的条目之一：能力", URL: "/capabilities/o"}) {
		t.Errorf("a loose one is called %+v", s)
	}
	owner.k.Met = scene.FairMet{}
	if got := owner.from(); got != (ui.Link{}) {
		t.Errorf("without a meeting %+v", got)
	}
}

// TestSaidByWhom: the day that is due says who proposed it, and when, in words.
func TestSaidByWhom(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 11, d, 4, 0, 0, 0, time.UTC) }
	next := scene.NextAction{Text: "考察", Party: scene.PartyProvider, Due: day(30)}
	k := engage.Case{Engagement: scene.Engagement{Next: next}, Entries: []scene.EngagementEntry{{Kind: scene.EntryNext, Party: scene.PartyOwner, At: day(28), Next: next}}}
	b := &builder{p: &ui.Page{Lang: locale.Zh}, k: &k}
	const want = "2026年11月30日（需求方于 2026年11月28日 提出）"
	if facts := b.facts(); len(facts) != 3 || facts[2].Value != want {
		t.Errorf("due %+v, want %s", facts, want)
	}
}
