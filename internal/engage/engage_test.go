package engage_test

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

const (
	ownerPhone    = "13900004321"
	providerPhone = "13700008765"
)

// table is a service over rows of its own: one opportunity of the owner, one
// capability of the provider, and people of both sides and of the centre.
type table struct {
	*engage.Service
	t    *testing.T
	ctx  context.Context
	rows store.Store
	now  time.Time

	owner, provider, stranger, steward, auditor scene.Actor
}

func newTable(t *testing.T) *table {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	k := &table{t: t, ctx: t.Context(), rows: rows, now: time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return k.now }
	k.Service = engage.New(rows, scene.NewIDMaker(clock, rand.Reader), clock)
	k.update(func(tx store.Tx) error {
		for _, id := range []scene.ID{"city", "firm", "other"} {
			if _, err := tx.Organisations().Put(k.ctx, scene.Organisation{ID: id, Name: "单位" + string(id)}); err != nil {
				return err
			}
		}
		listing := func(id, org scene.ID, phone string) scene.Listing {
			return scene.Listing{ID: id, Name: "条目" + string(id), OrgID: org, OrgName: "单位" + string(org), State: scene.Published, Contact: scene.Contact{Person: "张三", Phone: phone}}
		}
		if _, err := tx.Opportunities().Put(k.ctx, scene.Opportunity{Listing: listing("need", "city", ownerPhone), Department: "水务局"}); err != nil {
			return err
		}
		for id, org := range map[scene.ID]scene.ID{"offer": "firm", "own": "city"} {
			if _, err := tx.Capabilities().Put(k.ctx, scene.Capability{Listing: listing(id, org, providerPhone)}); err != nil {
				return err
			}
		}
		hidden := listing("hidden", "firm", providerPhone)
		hidden.State = scene.Draft
		paused := listing("paused", "firm", providerPhone)
		paused.State = scene.Paused
		_, err := tx.Capabilities().PutMany(k.ctx, []scene.Capability{{Listing: hidden}, {Listing: paused}})
		return err
	})
	k.owner, k.provider = k.person("owner", "city", scene.RoleOwner), k.person("provider", "firm", scene.RoleProvider)
	k.stranger = k.person("stranger", "other", scene.RoleProvider)
	k.steward, k.auditor = k.person("steward", "", scene.RoleSteward), k.person("auditor", "", scene.RoleAuditor)
	return k
}

func (k *table) person(id, org scene.ID, role scene.Role) scene.Actor {
	k.t.Helper()
	a := scene.Account{ID: id, Login: string(id), Name: "某人", OrgID: org, Roles: []scene.Role{role}, State: scene.AccountActive}
	k.update(func(tx store.Tx) error { _, err := tx.Accounts().Put(k.ctx, a); return err })
	return a.Actor("192.0.2.1")
}

func (k *table) update(fn func(store.Tx) error) {
	k.t.Helper()
	if err := k.rows.Update(k.ctx, fn); err != nil {
		k.t.Fatal(err)
	}
}

func (k *table) next(p scene.Party) scene.NextAction {
	return scene.NextAction{Text: "现场踏勘", Party: p, Due: scene.EndOfDay(k.now.AddDate(0, 0, 5))}
}

func (k *table) must(e scene.Engagement, err error) scene.Engagement {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
	return e
}

// begun is a pair for which the provider expressed interest.
func (k *table) begun() scene.Engagement {
	k.t.Helper()
	return k.must(k.Express(k.ctx, k.provider, engage.Interest{Need: "need", Offer: "offer", Message: "我们做过三个同类项目"}))
}

// docked is a pair that both sides accepted.
func (k *table) docked() scene.Engagement {
	k.t.Helper()
	e := k.begun()
	return k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyProvider)}))
}

func (k *table) inbox(account scene.ID) (keys []string) {
	k.t.Helper()
	k.update(func(tx store.Tx) error {
		rows, err := tx.Notices().List(k.ctx, store.NoticeFilter{Account: account}, store.Page{})
		for _, n := range rows.Items {
			keys = append(keys, strings.TrimPrefix(n.Key, "engagement.told."))
		}
		return err
	})
	return keys
}

func (k *table) decisions() (list []scene.Decision) {
	k.t.Helper()
	k.update(func(tx store.Tx) error {
		rows, err := tx.Judgements().Decisions(k.ctx, store.Page{})
		list = rows.Items
		return err
	})
	return list
}

func wantCode(t *testing.T, what string, err error, code scene.Code, key string) {
	t.Helper()
	e, _ := errors.AsType[*scene.Error](err)
	if scene.CodeOf(err) != code || key != "" && (e == nil || e.Key != key) {
		t.Errorf("%s: %v, want %s %s", what, err, code, key)
	}
}

// TestWay takes a pair from interest to its landing and looks at what everybody
// was told, and what ranking learns.
func TestWay(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.begun()
	if again := k.begun(); again.ID != e.ID || again.Revision != e.Revision {
		t.Errorf("pressed twice: %+v", again)
	}
	if got := k.inbox("owner"); len(got) != 1 || got[0] != "interest" {
		t.Errorf("the owner was told %v", got)
	}
	e = k.must(k.Say(k.ctx, k.owner, engage.Speech{ID: e.ID, Kind: scene.EntryQuestion, Text: "量程多大？请打 13800001111", Seen: 1}))
	k.must(k.Say(k.ctx, k.owner, engage.Speech{ID: e.ID, Kind: scene.EntryQuestion, Text: "量程多大？请打 13800001111", Seen: 1}))
	if e.Asked != scene.PartyOwner {
		t.Errorf("nobody waits for an answer: %+v", e)
	}
	e = k.must(k.Say(k.ctx, k.provider, engage.Speech{ID: e.ID, Kind: scene.EntryAnswer, Text: "五米", Seen: 2}))
	k.must(k.Say(k.ctx, k.provider, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "内部：报价留余地", Own: true, Seen: 3}))
	c, err := k.Get(k.ctx, k.owner, e.ID)
	if err != nil || len(c.Entries) != 3 || c.Party != scene.PartyOwner || strings.Contains(c.Entries[1].Text, "13800001111") {
		t.Fatalf("what the owner reads: %+v, %v", c.Entries, err)
	}
	e = c.Engagement
	e = k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyProvider)}))
	if e.Stage != scene.StageDocking || e.Next.Party != scene.PartyProvider {
		t.Errorf("accepted: %+v", e)
	}
	again := k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision - 1, Next: k.next(scene.PartyProvider)}))
	if again.Revision != e.Revision {
		t.Error("accepted twice")
	}
	for _, st := range []engage.Step{
		{To: scene.StageProposal, Next: k.next(scene.PartyOwner)},
		{To: scene.StageContract, Amount: 80 * scene.Wan, Next: k.next(scene.PartyProvider)},
		{To: scene.StageLanded, Text: "三处隧道上线"},
	} {
		st.ID, st.Revision = e.ID, e.Revision
		e = k.must(k.Move(k.ctx, k.provider, st))
		if twice := k.must(k.Move(k.ctx, k.provider, st)); twice.Revision != e.Revision {
			t.Errorf("%s twice", st.To)
		}
	}
	if e.Outcome.Amount != 80*scene.Wan || e.Next.Known() || e.Stage != scene.StageLanded {
		t.Errorf("landed: %+v", e)
	}
	taught := map[string]bool{}
	for _, d := range k.decisions() {
		taught[d.Party+" "+string(d.Verdict)] = true
	}
	if len(taught) != 4 || !taught["owner accepted"] || !taught["provider accepted"] || !taught["provider met"] || !taught["provider landed"] {
		t.Errorf("ranking learns %v", taught)
	}
	if got := strings.Join(k.inbox("provider"), " "); got != "accept question" {
		t.Errorf("the provider was told %q", got)
	}
}

// TestDecline: a reason is asked for, ranking learns from it, and the pair may begin anew.
func TestDecline(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.begun()
	a := engage.Answer{ID: e.ID, Revision: e.Revision}
	_, err := k.Decline(k.ctx, k.owner, a)
	wantCode(t, "without a reason", err, scene.Invalid, "engagement.invalid")
	a.Reason = scene.StopOther
	_, err = k.Decline(k.ctx, k.owner, a)
	wantCode(t, "another without saying which", err, scene.Invalid, "engagement.invalid")
	a.Reason, a.Text = scene.StopBudget, "今年没有预算"
	stopped := k.must(k.Decline(k.ctx, k.owner, a))
	if stopped.Stage != scene.StageStopped || stopped.StoppedBy != scene.PartyOwner {
		t.Errorf("declined: %+v", stopped)
	}
	k.must(k.Decline(k.ctx, k.owner, a)) // pressed twice
	_, err = k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: stopped.Revision, Next: k.next(scene.PartyOwner)})
	wantCode(t, "accept what was declined", err, scene.Precondition, "engagement.ended")
	var found bool
	for _, d := range k.decisions() {
		if d.Verdict == scene.Declined {
			grade, teaches := d.Teaches()
			found = d.Reason == scene.ReasonMoney && d.Party == "owner" && grade == 0 && teaches
		}
	}
	if !found {
		t.Errorf("decisions: %+v", k.decisions())
	}
	if anew := k.begun(); anew.ID == e.ID || anew.Stage != scene.StageSuggested {
		t.Errorf("anew: %+v", anew)
	}
}

// TestRecommend: the centre brings both together; each has to accept.
func TestRecommend(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	i := engage.Interest{Need: "need", Offer: "offer", Message: "很合适"}
	e := k.must(k.Recommend(k.ctx, k.steward, i))
	if e.Stage != scene.StageRecommended || k.must(k.Recommend(k.ctx, k.steward, i)).Revision != e.Revision {
		t.Errorf("recommended: %+v", e)
	}
	e = k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision}))
	if e.Stage != scene.StageRecommended {
		t.Errorf("after one: %s", e.Stage)
	}
	_, err := k.Accept(k.ctx, k.provider, engage.Answer{ID: e.ID, Revision: e.Revision})
	wantCode(t, "without a next action", err, scene.Invalid, "engagement.next_invalid")
	e = k.must(k.Accept(k.ctx, k.provider, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyOwner)}))
	if e.Stage != scene.StageDocking {
		t.Errorf("after both: %s", e.Stage)
	}
	second := newTable(t)
	began := second.begun()
	if e := second.must(second.Recommend(second.ctx, second.steward, i)); e.ID != began.ID || e.Stage != scene.StageRecommended {
		t.Errorf("what one side began: %+v", e)
	}
}

// TestWhoMayWhat asks as those who may not.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	for name, tt := range map[string]struct {
		by          scene.Actor
		need, offer scene.ID
		code        scene.Code
		key         string
	}{
		"Stranger":    {k.stranger, "need", "offer", scene.Forbidden, "permission.role"},
		"Steward":     {k.steward, "need", "offer", scene.Forbidden, "permission.role"},
		"Visitor":     {scene.Actor{}, "need", "offer", scene.Unauthorized, ""},
		"Draft":       {k.provider, "need", "hidden", scene.NotFound, "engagement.no_listing"},
		"Paused":      {k.provider, "need", "paused", scene.Precondition, "engagement.closed"},
		"OwnListings": {k.owner, "need", "own", scene.Precondition, "engagement.same_org"},
		"Nothing":     {k.owner, "none", "offer", scene.NotFound, "engagement.no_listing"},
	} {
		_, err := k.Express(k.ctx, tt.by, engage.Interest{Need: tt.need, Offer: tt.offer})
		wantCode(t, name, err, tt.code, tt.key)
	}
	e := k.begun()
	a := engage.Answer{ID: e.ID, Revision: e.Revision, Reason: scene.StopEarly, Next: k.next(scene.PartyOwner)}
	for name, try := range map[string]func(scene.Actor) error{
		"Read":    func(by scene.Actor) error { _, err := k.Get(k.ctx, by, e.ID); return err },
		"Accept":  func(by scene.Actor) error { _, err := k.Accept(k.ctx, by, a); return err },
		"Decline": func(by scene.Actor) error { _, err := k.Decline(k.ctx, by, a); return err },
		"Say": func(by scene.Actor) error {
			_, err := k.Say(k.ctx, by, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "x"})
			return err
		},
		"Move":  func(by scene.Actor) error { _, err := k.Stop(k.ctx, by, a); return err },
		"Agree": func(by scene.Actor) error { _, err := k.Agree(k.ctx, by, e.ID, e.Revision); return err },
		"See":   func(by scene.Actor) error { _, err := k.Reveal(k.ctx, by, e.ID, ""); return err },
	} {
		wantCode(t, "a stranger: "+name, try(k.stranger), scene.Forbidden, "")
		if name != "Read" {
			wantCode(t, "an auditor: "+name, try(k.auditor), scene.Forbidden, "")
		}
	}
	wantCode(t, "the centre accepts", errOf(k.Accept(k.ctx, k.steward, a)), scene.Forbidden, "")
	wantCode(t, "a stale page", errOf(k.Decline(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: 7, Reason: scene.StopEarly})), scene.Conflict, "engagement.overtaken")
	for name, tt := range map[string]struct {
		by   scene.Actor
		want int
	}{"Owner": {k.owner, 1}, "Stranger": {k.stranger, 0}, "Steward": {k.steward, 1}, "Auditor": {k.auditor, 1}} {
		rows, err := k.List(k.ctx, tt.by, engage.Filter{}, store.Page{})
		if err != nil || len(rows.Items) != tt.want {
			t.Errorf("%s lists %d, %v", name, len(rows.Items), err)
		}
	}
	department := scene.Actor{ID: "d", Department: "水务局", Roles: []scene.Role{scene.RoleDepartment}}
	elsewhere := scene.Actor{ID: "d", Department: "教育局", Roles: []scene.Role{scene.RoleDepartment}}
	if rows, err := k.List(k.ctx, department, engage.Filter{}, store.Page{}); err != nil || len(rows.Items) != 1 {
		t.Errorf("its department lists %d, %v", len(rows.Items), err)
	}
	if rows, err := k.List(k.ctx, elsewhere, engage.Filter{}, store.Page{}); err != nil || len(rows.Items) != 0 {
		t.Errorf("another department lists %d, %v", len(rows.Items), err)
	}
}

func errOf(_ scene.Engagement, err error) error { return err }

// TestReveal: nobody sees a contact before both agreed, or after one withdrew;
// each look stands in the record.
func TestReveal(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.begun()
	wantCode(t, "before the docking", errOf(k.Agree(k.ctx, k.owner, e.ID, e.Revision)), scene.Precondition, "engagement.not_docked")
	e = k.must(k.Accept(k.ctx, k.owner, engage.Answer{ID: e.ID, Revision: e.Revision, Next: k.next(scene.PartyProvider)}))
	see := func(by scene.Actor) (scene.Contact, error) { return k.Reveal(k.ctx, by, e.ID, "") }
	_, err := see(k.provider)
	wantCode(t, "before anybody agreed", err, scene.Precondition, "engagement.not_agreed")
	e = k.must(k.Agree(k.ctx, k.provider, e.ID, e.Revision))
	_, err = see(k.provider)
	wantCode(t, "when one agreed", err, scene.Precondition, "engagement.not_agreed")
	e = k.must(k.Agree(k.ctx, k.owner, e.ID, e.Revision))
	k.must(k.Agree(k.ctx, k.owner, e.ID, e.Revision-1)) // pressed twice
	if c, err := see(k.provider); err != nil || c.Phone != ownerPhone {
		t.Errorf("the provider sees %+v, %v", c, err)
	}
	if c, err := see(k.owner); err != nil || c.Phone != providerPhone {
		t.Errorf("the owner sees %+v, %v", c, err)
	}
	e = k.must(k.Withdraw(k.ctx, k.owner, e.ID, e.Revision))
	for _, by := range []scene.Actor{k.provider, k.owner} {
		_, err = see(by)
		wantCode(t, "after one withdrew", err, scene.Precondition, "engagement.not_agreed")
	}
	k.update(func(tx store.Tx) error {
		rows, err := tx.Audit().List(k.ctx, store.AuditFilter{Action: string(scene.ContactReveal), Row: e.ID}, store.Page{})
		if len(rows.Items) != 2 {
			t.Errorf("%d looks in the record", len(rows.Items))
		}
		return err
	})
}

// TestReminders: a side is told a day before, the centre after three working
// days, each once however often the leader looks.
func TestReminders(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.docked() // due on Monday, the 9th
	for k.now.Before(time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)) {
		for range 2 {
			if err := k.Remind(k.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if k.now.Day() == 11 {
			if got := strings.Join(k.inbox("steward"), " "); strings.Contains(got, "late") {
				t.Errorf("the centre is told too early: %s", got)
			}
		}
		k.now = k.now.Add(6 * time.Hour)
	}
	if got := strings.Join(k.inbox("provider"), " "); got != "late due accept" {
		t.Errorf("the provider was told %q", got)
	}
	if got := strings.Join(k.inbox("steward"), " "); got != "late accept.staff interest.staff" {
		t.Errorf("the centre was told %q", got)
	}
	rows, err := k.List(k.ctx, k.steward, engage.Filter{Stuck: true}, store.Page{})
	if err != nil || len(rows.Items) != 1 || rows.Items[0].ID != e.ID {
		t.Fatalf("stuck: %v, %v", rows.Items, err)
	}
	if now := rows.Items[0]; now.Revision != e.Revision || now.Next.Reminded.IsZero() || now.Next.Escalated.IsZero() {
		t.Errorf("reminders made revision %d of %d, and are noted as %+v: a form that was open meanwhile is behind", now.Revision, e.Revision, now.Next)
	}
}

// TestLifecycle throws random wishes at random pairs: no step is made that the
// table of stages does not know, no contact is seen unless both agreed at that
// moment, a docked pair always owes a next action, and each change is recorded.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		rng := mathrand.New(mathrand.NewPCG(seed, 7))
		k := newTable(t)
		w := &walker{table: k, rng: rng, e: k.begun()}
		for range 60 {
			before := w.e
			w.step()
			w.look()
			after := w.e
			if after.ID == before.ID && after.Stage != before.Stage && !reachable(before.Stage, after.Stage) {
				t.Fatalf("seed %d: from %s to %s", seed, before.Stage, after.Stage)
			}
			if after.Stage.Docked() && !after.Next.Known() {
				t.Fatalf("seed %d: nothing is owed at %s", seed, after.Stage)
			}
			if after.Stage.Docked() && (after.Owner.Says != scene.Accepted || after.Provider.Says != scene.Accepted) {
				t.Fatalf("seed %d: %s without both", seed, after.Stage)
			}
		}
	}
}

// reachable: in one change a pair makes one step, or the two of a docking.
func reachable(from, to scene.Stage) bool {
	if from.CanBecome(to) {
		return true
	}
	return to == scene.StageDocking && from.CanBecome(scene.StageMutual)
}

type walker struct {
	*table
	rng *mathrand.Rand
	e   scene.Engagement
}

func (w *walker) step() {
	by := []scene.Actor{w.owner, w.provider, w.steward}[w.rng.IntN(3)]
	revision := w.e.Revision - w.rng.IntN(2)
	a := engage.Answer{ID: w.e.ID, Revision: revision, Reason: scene.StopReasons()[w.rng.IntN(6)], Next: w.next(scene.PartyOwner)}
	var e scene.Engagement
	var err error
	switch w.rng.IntN(12) {
	case 0, 1:
		e, err = w.Accept(w.ctx, by, a)
	case 2:
		if w.rng.IntN(4) == 0 {
			e, err = w.Decline(w.ctx, by, a)
		}
	case 3:
		if w.rng.IntN(4) == 0 {
			e, err = w.Stop(w.ctx, by, a)
		}
	case 4, 5:
		e, err = w.Agree(w.ctx, by, w.e.ID, revision)
	case 6:
		e, err = w.Withdraw(w.ctx, by, w.e.ID, revision)
	case 7:
		e, err = w.Express(w.ctx, by, engage.Interest{Need: "need", Offer: "offer"})
	default:
		st := engage.Step{ID: w.e.ID, Revision: revision, To: scene.Stages()[w.rng.IntN(10)], Amount: scene.Wan, Next: w.next(scene.PartyProvider)}
		e, err = w.Move(w.ctx, by, st)
	}
	switch scene.CodeOf(err) {
	case "":
		if e.ID != "" {
			w.e = e
		}
	case scene.Conflict, scene.Precondition, scene.Forbidden, scene.Invalid:
	default:
		w.t.Fatalf("unexpected: %v", err)
	}
}

// look: what is seen agrees with what both said.
func (w *walker) look() {
	both := !w.e.Owner.Reveals.IsZero() && !w.e.Provider.Reveals.IsZero()
	for _, by := range []scene.Actor{w.owner, w.provider} {
		c, err := w.Reveal(w.ctx, by, w.e.ID, "")
		if err == nil && !both || err != nil && c.Known() {
			w.t.Fatalf("seen %+v, %v while owner %v and provider %v", c, err, w.e.Owner, w.e.Provider)
		}
		if err != nil && both && w.e.Stage != scene.StageStopped {
			w.t.Fatalf("not seen though both agreed: %v", err)
		}
	}
}
