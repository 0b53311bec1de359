package convene_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// asked is a matcher that notes what it was asked about last.
type asked struct {
	mu            sync.Mutex
	needs, offers []string
}

// Pairs notes the labels of both lists.
func (a *asked) Pairs(_ context.Context, needs, offers []scene.Row, _ int) ([]match.Ranking, error) {
	labels := func(rows []scene.Row) (list []string) {
		for i := range rows {
			list = append(list, rows[i].Label)
		}
		return list
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.needs, a.offers = labels(needs), labels(offers)
	return make([]match.Ranking, len(needs)), nil
}

// TestWhatIsBrought: who names nothing brings some of each kind, however much there
// is of the other; what is named is found among any number, as long as it is open.
func TestWhatIsBrought(t *testing.T) {
	t.Parallel()
	matcher := &asked{}
	h := newHall(t, matcher)
	f, ctx := h.fair(), t.Context()
	h.org("many", "甲公司")
	h.org("one", "乙公司")
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		var needs []scene.Opportunity
		var offers []scene.Capability
		for i := range 220 {
			l := scene.Listing{ID: scene.ID(fmt.Sprintf("many-%03d", i)), Name: fmt.Sprint("条目", i), OrgID: "many", State: scene.Published}
			needs, offers = append(needs, scene.Opportunity{Listing: l}), append(offers, scene.Capability{Listing: l})
		}
		if _, err := tx.Opportunities().PutMany(ctx, needs); err != nil {
			return err
		}
		offers = append(offers, scene.Capability{Listing: scene.Listing{ID: "one", Name: "唯一", OrgID: "one", State: scene.Published}})
		_, err := tx.Capabilities().PutMany(ctx, offers)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	join := func(org scene.ID, named ...scene.FairListing) scene.FairParty {
		p, err := h.Join(ctx, steward(), f.ID, org, convene.PartyForm{Delegates: []scene.Delegate{{Name: "代表"}}, Listings: named})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	look := func(p scene.FairParty, needs, offers int) {
		t.Helper()
		if _, pending, err := h.Suggestions(ctx, f.ID, p.ID, 10); err != nil || pending {
			t.Fatal(pending, err)
		}
		matcher.mu.Lock()
		defer matcher.mu.Unlock()
		if len(matcher.needs) != needs || len(matcher.offers) != offers {
			t.Errorf("asked about %v and %v, want %d and %d", matcher.needs, matcher.offers, needs, offers)
		}
	}
	p := join("many")
	join("one")
	look(p, 10, 11)
	named := []scene.FairListing{{Kind: scene.KindOpportunity, ID: "many-219"}, {Kind: scene.KindCapability, ID: "many-218"}}
	if p, err = h.Amend(ctx, steward(), p.ID, convene.PartyForm{Delegates: p.Delegates, Listings: named}); err != nil {
		t.Fatal(err)
	}
	look(p, 1, 2)
	if !slices.Equal(matcher.needs, []string{"many-219"}) || !slices.Contains(matcher.offers, "many-218") {
		t.Errorf("of those named, asked about %v and %v", matcher.needs, matcher.offers)
	}
	choice, err := h.CanBring(ctx, "many", named...)
	if err != nil || len(choice) != 102 || choice[50].FairListing != named[0] || choice[101].FairListing != named[1] {
		t.Errorf("to choose from: %d, %v", len(choice), err)
	}
	if choice, err = h.CanBring(ctx, "many", scene.FairListing{Kind: scene.KindCapability, ID: "many-001"}); err != nil || len(choice) != 100 {
		t.Errorf("one of the first, twice: %d, %v", len(choice), err)
	}
	err = h.rows.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Capabilities().Get(ctx, "many-218")
		c.State = scene.Paused
		if err == nil {
			_, err = tx.Capabilities().Put(ctx, c)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.setNow(morning().Add(time.Hour))
	look(p, 1, 1)
}
