package engage_test

import (
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// crew is a table with two more providers, each with an open capability.
type crew struct {
	*table
	one, two scene.Actor
}

// Telephone numbers of the partners' listings.
const (
	onePhone = "13600001111"
	twoPhone = "13600002222"
)

func newCrew(t *testing.T) *crew {
	t.Helper()
	k := newTable(t)
	k.update(func(tx store.Tx) error {
		for id, phone := range map[scene.ID]string{"one": onePhone, "two": twoPhone} {
			if _, err := tx.Organisations().Put(k.ctx, scene.Organisation{ID: id, Name: "单位" + string(id)}); err != nil {
				return err
			}
			_, err := tx.Capabilities().Put(k.ctx, scene.Capability{Listing: scene.Listing{
				ID: id + "-offer", Name: "条目" + string(id), OrgID: id, OrgName: "单位" + string(id), State: scene.Published,
				Contact: scene.Contact{Person: "李四", Phone: phone},
			}})
			if err != nil {
				return err
			}
		}
		strict := scene.Opportunity{Listing: scene.Listing{ID: "strict", Name: "不接受联合体", OrgID: "city", OrgName: "单位city", State: scene.Published}}
		strict.Require.Consortium = scene.No
		_, err := tx.Opportunities().Put(k.ctx, strict)
		return err
	})
	return &crew{table: k, one: k.person("one-person", "one", scene.RoleProvider), two: k.person("two-person", "two", scene.RoleProvider)}
}

func group() engage.Group {
	return engage.Group{
		Need: "need", Lead: scene.Member{Offer: "offer", Part: "总集成"}, Message: "合起来能做",
		Partners: []scene.Member{{Offer: "one-offer", Part: "供水位计"}, {Offer: "two-offer", Part: "运维，电话 " + twoPhone}},
	}
}

func (k *crew) formed() scene.Engagement {
	k.t.Helper()
	return k.must(k.Form(k.ctx, k.steward, group()))
}

// TestGroupWay: the centre brings a group together; every partner is told and
// answers for itself, the pair goes on meanwhile, and who stayed away may be asked again.
func TestGroupWay(t *testing.T) {
	t.Parallel()
	k := newCrew(t)
	e := k.formed()
	if e.Stage != scene.StageRecommended || len(e.Partners) != 2 || e.Part != "总集成" || strings.Contains(e.Partners[1].Part, twoPhone) {
		t.Fatalf("formed: %+v", e)
	}
	if again := k.formed(); again.ID != e.ID || again.Revision != e.Revision {
		t.Errorf("pressed twice: %+v", again)
	}
	for id, want := range map[scene.ID]string{"owner": "recommend", "provider": "recommend", "one-person": "invite", "two-person": "invite", "stranger": ""} {
		if got := strings.Join(k.inbox(id), " "); got != want {
			t.Errorf("%s was told %q, want %q", id, got, want)
		}
	}
	answer := func() engage.Answer {
		return engage.Answer{ID: e.ID, Revision: e.Revision, Reason: scene.StopEarly, Next: k.next(scene.PartyProvider)}
	}
	e = k.must(k.Accept(k.ctx, k.owner, answer()))
	e = k.must(k.Decline(k.ctx, k.two, answer()))
	if e.Stage != scene.StageRecommended || e.Partner("two").Stance.Says != scene.Declined || e.Partner("two").Reason != scene.StopEarly {
		t.Errorf("a partner stays away: %+v", e)
	}
	wantCode(t, "who stayed away", errOf(k.Accept(k.ctx, k.two, answer())), scene.Precondition, "engagement.group.out")
	e = k.must(k.Accept(k.ctx, k.provider, answer()))
	e = k.must(k.Accept(k.ctx, k.one, answer()))
	if e.Stage != scene.StageDocking || e.Partner("one").Stance.Says != scene.Accepted {
		t.Errorf("docked with one partner: %+v", e)
	}
	wantCode(t, "a partner moves the pair", errOf(k.Move(k.ctx, k.one, engage.Step{ID: e.ID, Revision: e.Revision, To: scene.StageProposal})), scene.Forbidden, "engagement.group.lead_moves")
	e = k.must(k.Say(k.ctx, k.one, engage.Speech{ID: e.ID, Kind: scene.EntryQuestion, Text: "何时踏勘？"}))
	if e.Asked != scene.PartyPartner {
		t.Errorf("a partner's question: %+v", e)
	}
	e = k.must(k.Say(k.ctx, k.owner, engage.Speech{ID: e.ID, Kind: scene.EntryAnswer, Text: "周三"}))
	if e.Asked != "" || !strings.HasPrefix(strings.Join(k.inbox("one-person"), " "), "answer ") {
		t.Errorf("answered: %+v, %v", e, k.inbox("one-person"))
	}
	e = k.must(k.Invite(k.ctx, k.owner, e.ID, "", scene.Member{Offer: "two-offer", Part: "运维"}))
	if p := e.Partner("two"); len(e.Partners) != 2 || p.Stance.Says != "" || p.Reason != "" || p.Part != "运维" || e.Part != "总集成" {
		t.Errorf("asked again: %+v", e.Partners)
	}
	e = k.must(k.Accept(k.ctx, k.two, answer()))
	e = k.must(k.Stop(k.ctx, k.owner, answer()))
	if got := k.inbox("two-person")[0]; e.Stage != scene.StageStopped || got != "stop" {
		t.Errorf("stopped: %s, a partner was told %s", e.Stage, got)
	}
	for _, d := range k.decisions() {
		if d.Offer != "offer" {
			t.Errorf("ranking learns of a part as if it were the whole: %+v", d)
		}
	}
}

// TestGroupOwner: the owner begins one for its own opportunity, and nobody else's.
func TestGroupOwner(t *testing.T) {
	t.Parallel()
	k := newCrew(t)
	for name, tt := range map[string]struct {
		by     scene.Actor
		change func(*engage.Group)
		code   scene.Code
		key    string
	}{
		"Provider":   {k.provider, func(*engage.Group) {}, scene.Forbidden, ""},
		"Stranger":   {k.stranger, func(*engage.Group) {}, scene.Forbidden, ""},
		"Auditor":    {k.auditor, func(*engage.Group) {}, scene.Forbidden, ""},
		"NoPart":     {k.owner, func(g *engage.Group) { g.Partners[1].Part = " " }, scene.Invalid, "engagement.group.invalid"},
		"NoLeadPart": {k.owner, func(g *engage.Group) { g.Lead.Part = "" }, scene.Invalid, "engagement.group.invalid"},
		"Nobody":     {k.owner, func(g *engage.Group) { g.Partners = nil }, scene.Invalid, "engagement.group.invalid"},
		"Twice":      {k.owner, func(g *engage.Group) { g.Partners[1].Offer = "one-offer" }, scene.Invalid, "engagement.group.invalid"},
		"LeadBeside": {k.owner, func(g *engage.Group) { g.Partners[1].Offer = "offer" }, scene.Invalid, "engagement.group.invalid"},
		"OwnBeside":  {k.owner, func(g *engage.Group) { g.Partners[1].Offer = "own" }, scene.Invalid, "engagement.group.invalid"},
		"Hidden":     {k.owner, func(g *engage.Group) { g.Partners[1].Offer = "hidden" }, scene.Invalid, "engagement.group.invalid"},
		"Refused":    {k.owner, func(g *engage.Group) { g.Need = "strict" }, scene.Precondition, "engagement.group.refused"},
		"NoNeed":     {k.owner, func(g *engage.Group) { g.Need = "none" }, scene.NotFound, "engagement.no_listing"},
	} {
		g := group()
		tt.change(&g)
		wantCode(t, name, errOf(k.Form(k.ctx, tt.by, g)), tt.code, tt.key)
	}
	e := k.must(k.Form(k.ctx, k.owner, group()))
	if e.Begun != scene.PartyOwner || e.Owner.Says != scene.Accepted || e.Stage != scene.StageSuggested {
		t.Errorf("begun by the owner: %+v", e)
	}
	wantCode(t, "the lead asks a partner", errOf(k.Invite(k.ctx, k.provider, e.ID, "", scene.Member{Offer: "one-offer", Part: "x"})), scene.Forbidden, "")
	second := newCrew(t)
	began := second.begun()
	if e := second.formed(); e.ID != began.ID || len(e.Partners) != 2 || e.Revision != began.Revision+1 {
		t.Errorf("beside what one side began: %+v", e)
	}
}

// TestGroupReads: who was asked and has not joined reads what it was asked, and
// nothing of what the others say; notes for one's own side stay there.
func TestGroupReads(t *testing.T) {
	t.Parallel()
	k := newCrew(t)
	e := k.begun()
	k.must(k.Say(k.ctx, k.owner, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "预算 80 万"}))
	k.now = k.now.AddDate(0, 0, 1)
	e = k.formed()
	e = k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyOwner)}))
	read := func(by scene.Actor) (engage.Case, string) {
		c, err := k.Get(k.ctx, by, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, entry := range c.Entries {
			kinds = append(kinds, string(entry.Kind))
		}
		return c, strings.Join(kinds, " ")
	}
	if c, kinds := read(k.one); kinds != "invite" || c.Next.Known() || c.Party != scene.PartyPartner {
		t.Errorf("before it joined a partner reads %q, %+v", kinds, c.Next)
	}
	_, err := k.Say(k.ctx, k.one, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "x"})
	wantCode(t, "says", err, scene.Precondition, "engagement.group.not_joined")
	e = k.must(k.Accept(k.ctx, k.one, engage.Answer{ID: e.ID, Revision: e.Revision}))
	k.must(k.Say(k.ctx, k.one, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "内部", Own: true}))
	if c, kinds := read(k.one); kinds != "invite invite accept move move accept note" || !c.Next.Known() {
		t.Errorf("after it joined: %q, %+v", kinds, c.Next)
	}
	for name, by := range map[string]scene.Actor{"owner": k.owner, "other partner": k.two, "centre": k.steward} {
		c, _ := read(by)
		for _, entry := range c.Entries {
			if entry.Text == "内部" {
				t.Errorf("the %s reads a partner's own note", name)
			}
		}
	}
	for name, tt := range map[string]struct {
		by   scene.Actor
		want int
	}{"One": {k.one, 1}, "Two": {k.two, 1}, "Stranger": {k.stranger, 0}} {
		rows, err := k.List(k.ctx, tt.by, engage.Filter{}, store.Page{})
		if counts, _ := k.Counts(k.ctx, tt.by); err != nil || len(rows.Items) != tt.want || counts[scene.StageDocking] != tt.want {
			t.Errorf("%s lists %d, %v", name, len(rows.Items), err)
		}
	}
}

// TestGroupContacts throws agreements and withdrawals at a group: two see each
// other's contacts exactly while both are at the table and agree, whatever the
// others do, and what one wrote is covered for whom its contact is covered for.
func TestGroupContacts(t *testing.T) {
	t.Parallel()
	k := newCrew(t)
	e := k.formed()
	e = k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision}))
	e = k.must(k.Accept(k.ctx, k.provider, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyOwner)}))
	people := []scene.Actor{k.owner, k.provider, k.one, k.two}
	phones := []string{ownerPhone, providerPhone, onePhone, twoPhone}
	agrees := make([]bool, len(people))
	joined := []bool{true, true, false, false}
	rng := mathrand.New(mathrand.NewPCG(3, 9))
	for range 60 {
		i := rng.IntN(len(people))
		var err error
		switch rng.IntN(6) {
		case 0:
			_, err = k.Withdraw(k.ctx, people[i], e.ID, e.Revision)
			agrees[i] = agrees[i] && err != nil
		case 1:
			if i > 1 {
				_, err = k.Decline(k.ctx, people[i], engage.Answer{ID: e.ID, Revision: e.Revision, Reason: scene.StopEarly})
				joined[i], agrees[i] = false, false
			}
		case 2:
			if i > 1 && !joined[i] {
				e = k.must(k.Invite(k.ctx, k.steward, e.ID, "", group().Partners[i-2]))
				_, err = k.Accept(k.ctx, people[i], engage.Answer{ID: e.ID, Revision: e.Revision})
				joined[i] = true
			}
		default:
			_, err = k.Agree(k.ctx, people[i], e.ID, e.Revision)
			agrees[i] = joined[i]
			if (err == nil) != joined[i] {
				t.Fatalf("agree of %d: %v", i, err)
			}
			err = nil
		}
		if err != nil && joined[i] {
			t.Fatal(err)
		}
		c, err := k.Get(k.ctx, k.steward, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		e = c.Engagement
		k.seen(people, phones, agrees, e.ID)
	}
}

// seen looks as everybody at everybody.
func (k *crew) seen(people []scene.Actor, phones []string, agrees []bool, id scene.ID) {
	k.t.Helper()
	for i := range people {
		for j := range people {
			if i == j {
				continue
			}
			c, err := k.Reveal(k.ctx, people[i], id, people[j].OrgID)
			if (err == nil) != (agrees[i] && agrees[j]) || err == nil && c.Phone != phones[j] {
				k.t.Fatalf("%d sees %q of %d, %v: agreed %v", i, c.Phone, j, err, agrees)
			}
		}
		_, err := k.Reveal(k.ctx, people[i], id, "other")
		if scene.CodeOf(err) != scene.NotFound && scene.CodeOf(err) != scene.Precondition {
			k.t.Fatalf("of whom has no part: %v", err)
		}
	}
}
