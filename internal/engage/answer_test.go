package engage_test

import (
	"strings"
	"testing"
	"time"

	"jinghe/internal/engage"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestOwnNotes: of what a side notes for itself the others see nothing, also not
// that the pair changed: an open form of theirs stays good.
func TestOwnNotes(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.docked()
	events := func() int {
		list, err := k.rows.Outbox().Pending(k.ctx, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := events()
	k.now = k.now.Add(time.Hour)
	noted := k.must(k.Say(k.ctx, k.provider, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "报价留余地", Own: true, Seen: 1}))
	if noted.Revision != e.Revision || !noted.Updated.Equal(e.Updated) || events() != before {
		t.Errorf("a note of one's own makes revision %d of %d, and %d events", noted.Revision, e.Revision, events()-before)
	}
	c, err := k.Get(k.ctx, k.provider, e.ID)
	if err != nil || c.Entries[len(c.Entries)-1].Text != "报价留余地" {
		t.Errorf("the own side reads %+v, %v", c.Entries, err)
	}
	said := k.must(k.Say(k.ctx, k.provider, engage.Speech{ID: e.ID, Kind: scene.EntryNote, Text: "周三到现场", Seen: 2}))
	if said.Revision != e.Revision+1 || events() == before {
		t.Errorf("a note for both sides makes revision %d of %d", said.Revision, e.Revision)
	}
}

// A number that stands where a notice cuts what was said is not told by half.
func TestNoticeCutsNoNumber(t *testing.T) {
	t.Parallel()
	k := newTable(t)
	e := k.begun()
	text := strings.Repeat("问", 72) + ownerPhone
	k.must(k.Say(k.ctx, k.owner, engage.Speech{ID: e.ID, Kind: scene.EntryQuestion, Text: text, Seen: 1}))
	k.update(func(tx store.Tx) error {
		rows, err := tx.Notices().List(k.ctx, store.NoticeFilter{Account: "provider"}, store.Page{})
		if err != nil {
			return err
		}
		for _, n := range rows.Items {
			told, _ := n.Args["text"].(string)
			if n.Key == "engagement.told.question" && strings.HasPrefix(told, "问问") && !strings.ContainsAny(told, "0123456789") {
				return nil
			}
		}
		t.Errorf("told %+v", rows.Items)
		return nil
	})
}
