package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// fair makes the n-th fair of a test.
func fair(n int) scene.Fair {
	at := kept().Truncate(time.Minute)
	return scene.Fair{
		ID: scene.ID(fmt.Sprintf("fair-%03d", n)), Title: "智慧水务对接会", State: scene.FairOpen, Mode: scene.FairHosted,
		Blocks: []scene.FairBlock{{Kind: scene.BlockMeet, Start: at, End: at.Add(time.Hour)}},
		Halls:  []scene.FairHall{{ID: "A", Name: "一号厅", Tables: 3}},
		Slots:  []scene.FairSlot{{ID: "s1", Block: "m1", Start: at, End: at.Add(20 * time.Minute)}},
		Wall:   fmt.Sprint("wall", n), Created: kept(), Updated: kept(),
	}
}

// fairParty makes the n-th party of the first fair.
func fairParty(n int) scene.FairParty {
	most := 4
	return scene.FairParty{
		ID: scene.ID(fmt.Sprintf("party-%03d", n)), FairID: "fair-000", OrgID: scene.ID(fmt.Sprint("org", n%2)), Name: "某某公司",
		State: scene.PartyAccepted, Max: &most,
		Delegates: []scene.Delegate{{ID: "d1", Name: "张工", Code: fmt.Sprintf("CODE%03dA", n)}, {ID: "d2", Name: "李工", Away: []string{"s1"}, Consents: []scene.Consent{{Document: "privacy", Version: "1", At: now()}}}},
		Wishes:    []scene.FairWish{{To: "party-999", Kind: scene.WishMust, Note: "想谈管网", At: kept()}},
		SaidNo:    now(), Created: kept(), Updated: kept(),
	}
}

func putFair(t *testing.T, b *bench, parties int) (f scene.Fair, list []scene.FairParty) {
	t.Helper()
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		list = nil // an adapter may run this again
		if f, err = tx.Fairs().Put(ctx, fair(0)); err != nil {
			return err
		}
		for n := range parties {
			p, err := tx.Fairs().PutParty(ctx, fairParty(n))
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return f, list
}

func fairsKept(t *testing.T, b *bench) {
	want, parties := putFair(t, b, 3)
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		next := want
		next.Title, next.Late = "改名", 10
		want, err = tx.Fairs().Put(ctx, next)
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Fairs().Get(ctx, "fair-000")
		expectSame(t, "fair", got, want)
		if err != nil {
			return err
		}
		got, err = tx.Fairs().ByWall(ctx, "wall0")
		expectSame(t, "fair of the wall", got, want)
		if err != nil {
			return err
		}
		rows, err := tx.Fairs().List(ctx, store.Page{})
		expectSame(t, "fairs", rows.Items, []scene.Fair{want})
		if err != nil {
			return err
		}
		all, err := tx.Fairs().Parties(ctx, "fair-000")
		expectSame(t, "parties", all, parties)
		if err != nil {
			return err
		}
		expectSame(t, "a no", all[0].SaidNo, kept())
		expectSame(t, "a consent", all[0].Delegates[1].Consents[0].At, kept())
		of, err := tx.Fairs().PartiesOf(ctx, "org0")
		expectSame(t, "parties of an organisation", of, []scene.FairParty{parties[0], parties[2]})
		return err
	})
	for what, try := range map[string]func(context.Context, store.Tx) error{
		"stale fair": func(ctx context.Context, tx store.Tx) error {
			stale := want
			stale.Revision = 1
			_, err := tx.Fairs().Put(ctx, stale)
			return err
		},
		"wall twice": func(ctx context.Context, tx store.Tx) error {
			other := fair(1)
			other.Wall = "wall0"
			_, err := tx.Fairs().Put(ctx, other)
			return err
		},
		"code twice": func(ctx context.Context, tx store.Tx) error {
			other := fairParty(7)
			other.Delegates[0].Code = "CODE000A"
			_, err := tx.Fairs().PutParty(ctx, other)
			return err
		},
	} {
		expectCode(t, what, b.try(t, try), scene.Conflict)
	}
	orphan := fairParty(8)
	orphan.FairID = "nowhere"
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Fairs().PutParty(ctx, orphan); return err })
	expectCode(t, "party of no fair", err, scene.Precondition)
}

func fairCodesFollow(t *testing.T, b *bench) {
	_, parties := putFair(t, b, 2)
	find := func(code string) (p scene.FairParty, err error) {
		err = b.View(t.Context(), func(tx store.Tx) (err error) {
			p, err = tx.Fairs().PartyByCode(t.Context(), code)
			return err
		})
		return p, err
	}
	got, err := find("CODE001A")
	expectSame(t, "party of a code", got, parties[1])
	expectCode(t, "code", err, "")
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		next := parties[1]
		next.Delegates = []scene.Delegate{{ID: "d1", Name: "张工"}, {ID: "d2", Name: "李工", Code: "NEW"}}
		_, err := tx.Fairs().PutParty(ctx, next)
		return err
	})
	_, err = find("CODE001A")
	expectCode(t, "revoked code", err, scene.NotFound)
	_, err = find("")
	expectCode(t, "no code", err, scene.NotFound)
	got, err = find("NEW")
	expectSame(t, "party of the new code", got.ID, parties[1].ID)
	expectCode(t, "new code", err, "")
}

func fairPlansAreVersions(t *testing.T, b *bench) {
	putFair(t, b, 0)
	plan := func(number int) scene.FairPlan {
		return scene.FairPlan{FairID: "fair-000", Number: number, Problem: json.RawMessage(`{}`), Plan: json.RawMessage(`{"value":1}`), Made: kept()}
	}
	var draft, second scene.FairPlan
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		for _, n := range []int{0, 1, 2} {
			p, err := tx.Fairs().PutPlan(ctx, plan(n))
			if err != nil {
				return err
			}
			if n == 0 {
				draft = p
			}
			second = p
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		draft.Note = "again"
		draft, err = tx.Fairs().PutPlan(ctx, draft)
		return err
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Fairs().LatestPlan(ctx, "fair-000")
		expectSame(t, "latest", got, second)
		if err != nil {
			return err
		}
		got, err = tx.Fairs().Plan(ctx, "fair-000", 0)
		expectSame(t, "draft", got, draft)
		return err
	})
	stale := draft
	stale.Revision = 1
	for what, p := range map[string]scene.FairPlan{"stale draft": stale, "version twice": plan(2)} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.Fairs().PutPlan(ctx, p); return err })
		expectCode(t, what, err, scene.Conflict)
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Fairs().DeletePlan(ctx, "fair-000") })
	err := b.View(t.Context(), func(tx store.Tx) error { _, err := tx.Fairs().Plan(t.Context(), "fair-000", 0); return err })
	expectCode(t, "draft let go", err, scene.NotFound)
	err = b.View(t.Context(), func(tx store.Tx) error { _, err := tx.Fairs().Plan(t.Context(), "fair-000", 1); return err })
	expectCode(t, "a version stays", err, "")
}

func fairEntriesCountOnce(t *testing.T, b *bench) {
	putFair(t, b, 0)
	entry := func(n int, key string) scene.FairEntry {
		return scene.FairEntry{
			ID: scene.ID(fmt.Sprintf("entry-%03d", n)), FairID: "fair-000", Key: key, Kind: scene.EntryOutcome, Party: "p1", Meeting: "p1~p2",
			Outcome: &scene.FairOutcome{Held: true, Worth: 3, Next: scene.NextVisit, Amount: 5 * scene.Wan}, At: kept(),
		}
	}
	add := func(e scene.FairEntry, want bool) {
		t.Helper()
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			fresh, err := tx.Fairs().AddEntry(ctx, e)
			expectSame(t, "entry "+string(e.ID)+" is new", fresh, want)
			return err
		})
	}
	add(entry(1, "phone-1"), true)
	add(entry(2, "phone-1"), false)
	add(entry(3, "phone-2"), true)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		all, err := tx.Fairs().Entries(ctx, "fair-000", "")
		expectSame(t, "log", all, []scene.FairEntry{entry(1, "phone-1"), entry(3, "phone-2")})
		if err != nil {
			return err
		}
		since, err := tx.Fairs().Entries(ctx, "fair-000", "entry-001")
		expectSame(t, "log since the first", since, []scene.FairEntry{entry(3, "phone-2")})
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Fairs().AddEntry(ctx, scene.FairEntry{})
		return err
	})
	expectCode(t, "entry of nothing", err, scene.Invalid)
}

// fairPulseTells: every write of parties, plan and log is seen in the pulse, and
// that of a draft is not.
func fairPulseTells(t *testing.T, b *bench) {
	_, parties := putFair(t, b, 2)
	want := store.FairPulse{Parties: 2, Revisions: 2}
	check := func(what string, write func(ctx context.Context, tx store.Tx) error) {
		t.Helper()
		b.update(t, write)
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := tx.Fairs().Pulse(ctx, "fair-000")
			expectSame(t, "pulse after "+what, got, want)
			return err
		})
	}
	check("two parties", func(context.Context, store.Tx) error { return nil })
	want.Revisions = 3
	check("a change of one", func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Fairs().PutParty(ctx, parties[0])
		return err
	})
	plan := scene.FairPlan{FairID: "fair-000", Problem: []byte("{}"), Plan: []byte("{}"), Made: kept()}
	put := func(number int) func(ctx context.Context, tx store.Tx) error {
		return func(ctx context.Context, tx store.Tx) error {
			p := plan
			p.Number = number
			_, err := tx.Fairs().PutPlan(ctx, p)
			return err
		}
	}
	published := func(want ...scene.ID) {
		t.Helper()
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := tx.Fairs().Published(ctx, []scene.ID{"nowhere", "fair-000", "fair-000"})
			expectSame(t, "published", got, want)
			return err
		})
	}
	check("a draft", put(0))
	published()
	want.Version, want.Written = 1, 1
	check("a version", put(1))
	published("fair-000")
	want.Entries = 1
	check("an entry", func(ctx context.Context, tx store.Tx) error {
		e := scene.FairEntry{ID: "e1", FairID: "fair-000", Key: "phone-12", Kind: scene.EntryAbsent, Party: "p1", At: kept()}
		_, err := tx.Fairs().AddEntry(ctx, e)
		return err
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Fairs().Pulse(ctx, "nowhere")
		expectSame(t, "pulse of no fair", got, store.FairPulse{})
		return err
	})
}

func fairCasesFallDue(t *testing.T, b *bench) {
	putFair(t, b, 0)
	of := func(meeting string, days int) scene.FairCase {
		c := scene.FairCase{FairID: "fair-000", Meeting: meeting, Engagement: "e-1", Next: scene.NextPilot, Made: kept()}
		if days > 0 {
			c.Due = kept().AddDate(0, 0, days)
		}
		return c
	}
	put := func(cases ...scene.FairCase) {
		t.Helper()
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			for _, c := range cases {
				if err := tx.Fairs().PutCase(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
	late, soon, done := of("a~b", 7), of("a~c", 3), of("b~c", 0)
	put(late, soon, done)
	done.Why, done.Engagement = "fair.case.no_org", ""
	put(done) // again: in its place
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		all, err := tx.Fairs().Cases(ctx, "fair-000")
		expectSame(t, "cases", all, []scene.FairCase{late, soon, done})
		if err != nil {
			return err
		}
		one, err := tx.Fairs().Case(ctx, "fair-000", "a~c")
		expectSame(t, "case", one, soon)
		if err != nil {
			return err
		}
		due, err := tx.Fairs().CasesDue(ctx, late.Due, 10)
		expectSame(t, "due", due, []scene.FairCase{soon, late})
		if err != nil {
			return err
		}
		due, err = tx.Fairs().CasesDue(ctx, late.Due.Add(-time.Second), 10)
		expectSame(t, "due before", due, []scene.FairCase{soon})
		return err
	})
	err := b.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Fairs().Case(t.Context(), "fair-000", "x~y")
		return err
	})
	expectCode(t, "no such case", err, scene.NotFound)
	for what, c := range map[string]scene.FairCase{"no meeting": {FairID: "fair-000"}, "no fair": {FairID: "nowhere", Meeting: "a~b"}} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Fairs().PutCase(ctx, c) })
		expectCode(t, what, err, map[string]scene.Code{"no meeting": scene.Invalid, "no fair": scene.Precondition}[what])
	}
}

func fairLettersGoOut(t *testing.T, b *bench) {
	putFair(t, b, 2)
	letter := func(party, delegate string, due int) scene.FairLetter {
		l := scene.FairLetter{PartyID: scene.ID(party), Delegate: scene.ID(delegate), Asked: kept(), Tries: 1}
		if due > 0 {
			l.Due = kept().Add(time.Duration(due) * time.Minute)
		}
		return l
	}
	put := func(l scene.FairLetter) error {
		return b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Fairs().PutLetter(ctx, l) })
	}
	second, first, gone := letter("party-000", "d1", 9), letter("party-000", "d2", 3), letter("party-001", "d1", 5)
	for _, l := range []scene.FairLetter{second, first, gone} {
		expectCode(t, "letter", put(l), "")
	}
	gone.Due, gone.Sent = time.Time{}, kept()
	expectCode(t, "letter again", put(gone), "")
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		all, err := tx.Fairs().Letters(ctx, "fair-000")
		expectSame(t, "letters", all, []scene.FairLetter{second, first, gone})
		if err != nil {
			return err
		}
		one, err := tx.Fairs().Letter(ctx, "party-001", "d1")
		expectSame(t, "letter", one, gone)
		if err != nil {
			return err
		}
		_, err = tx.Fairs().Letter(ctx, "party-001", "d2")
		expectCode(t, "no letter", err, scene.NotFound)
		due, err := tx.Fairs().LettersDue(ctx, second.Due, 10)
		expectSame(t, "due", due, []scene.FairLetter{first, second})
		if err != nil {
			return err
		}
		due, err = tx.Fairs().LettersDue(ctx, second.Due, 1)
		expectSame(t, "the first that is due", due, []scene.FairLetter{first})
		return err
	})
	expectCode(t, "letter to nobody", put(letter("party-000", "", 0)), scene.Invalid)
	expectCode(t, "letter of no party", put(letter("nowhere", "d1", 0)), scene.Precondition)
}
