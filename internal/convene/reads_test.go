package convene_test

import (
	"context"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// counting is a store that counts how often accounts are listed and versions of a plan read.
type counting struct {
	store.Store
	accounts, versions int
}

type countingTx struct {
	store.Tx
	of *counting
}

type countingAccounts struct {
	store.Accounts
	of *counting
}

type countingFairs struct {
	store.Fairs
	of *counting
}

func (c *counting) View(ctx context.Context, fn func(store.Tx) error) error {
	return c.Store.View(ctx, func(tx store.Tx) error { return fn(countingTx{tx, c}) })
}

func (c *counting) Update(ctx context.Context, fn func(store.Tx) error) error {
	return c.Store.Update(ctx, func(tx store.Tx) error { return fn(countingTx{tx, c}) })
}

func (t countingTx) Accounts() store.Accounts { return countingAccounts{t.Tx.Accounts(), t.of} }
func (t countingTx) Fairs() store.Fairs       { return countingFairs{t.Tx.Fairs(), t.of} }

func (a countingAccounts) List(ctx context.Context, f store.AccountFilter, p store.Page) (store.Rows[scene.Account], error) {
	a.of.accounts++
	return a.Accounts.List(ctx, f, p)
}

func (f countingFairs) Plan(ctx context.Context, fair scene.ID, number int) (scene.FairPlan, error) {
	if number > 0 {
		f.of.versions++
	}
	return f.Fairs.Plan(ctx, fair, number)
}

// TestReadsNoMoreThanNeeded: a publication lists the accounts of all parties at once, and
// who comes late has only the versions read that were published since he was missed.
func TestReadsNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	c := &counting{Store: h.rows}
	h.Close()
	h.config.Store = c
	h.Service = convene.New(h.config)
	f := h.fair()
	p := h.owners(f.ID, 5)
	h.people(p)
	h.wish(p[0], scene.WishWant, p[1], p[2], p[3], p[4])
	c.accounts = 0
	v := h.plan(f.ID)
	if c.accounts != 1 || len(v.Row.Told) != 5 || v.Row.Told[0].Accounts != 1 {
		t.Errorf("accounts were listed %d times for %+v", c.accounts, v.Row.Told)
	}
	publish := func() {
		t.Helper()
		h.setNow(h.now().Add(time.Minute))
		if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Publish(ctx, steward(), f.ID, h.drafted(f.ID).Row.Revision, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		publish()
	}
	h.setNow(h.now().Add(time.Minute))
	if err := h.NoShow(ctx, steward(), f.ID, p[1].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	publish()
	publish()
	for party, want := range map[scene.ID][2]int{p[1].ID: {1, 2}, p[2].ID: {0, 0}} { // and one to see that it is older
		c.versions = 0
		list, err := h.Struck(ctx, steward(), f.ID, party)
		if err != nil || len(list) != want[0] || c.versions != want[1] {
			t.Errorf("%d meetings lost, by reading %d versions, %v; want %v", len(list), c.versions, err, want)
		}
	}
}
