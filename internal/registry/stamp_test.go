package registry_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestStamp: a stamp stays while nothing changes, and is another one after every
// write and after every instant at which an entry opens or ends, also where as many
// open as end.
func TestStamp(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	at := noon()
	r := registry.New(b.store, scene.NewIDMaker(func() time.Time { return at }, nil), func() time.Time { return at })
	first, opens, ends := b.publish("管网漏损定位"), b.publish("水压调度"), b.publish("窨井预警")
	put := func(e registry.Entry, change func(*scene.Capability)) {
		t.Helper()
		b.update(func(tx store.Tx) error {
			c, err := tx.Capabilities().Get(t.Context(), e.Listing().ID)
			if err != nil {
				return err
			}
			change(&c)
			_, err = tx.Capabilities().Put(t.Context(), c)
			return err
		})
	}
	put(opens, func(c *scene.Capability) { c.ValidFrom = at.Add(time.Hour) })
	put(ends, func(c *scene.Capability) { c.ValidTo = at.Add(time.Hour) })
	seen := []string{}
	look := func(what string, another bool) {
		t.Helper()
		stamp, err := r.Stamp(t.Context(), scene.KindCapability)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(seen, stamp) == another {
			t.Errorf("%s: %q after %q", what, stamp, seen)
		}
		seen = append(seen, stamp)
	}
	look("first", true)
	look("nothing changed", false)
	at = at.Add(time.Hour + time.Minute)
	look("one opened and one ended", true)
	look("nothing changed", false)
	put(first, func(c *scene.Capability) { c.State, c.Updated = scene.Closed, at })
	look("closed", true)
	if other, err := r.Stamp(t.Context(), scene.KindOpportunity); err != nil || slices.Contains(seen, other) {
		t.Errorf("the other kind: %q, %v", other, err)
	}
}

// TestBatchNames: a batch is asked for however its name is written.
func TestBatchNames(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e, other := b.publish("管网漏损定位"), b.publish("水压调度")
	for id, name := range map[scene.ID]string{e.Listing().ID: " ２０２６年 第三批", other.Listing().ID: "第四批"} {
		b.update(func(tx store.Tx) error {
			c, err := tx.Capabilities().Get(t.Context(), id)
			c.Batch = name
			if err == nil {
				_, err = tx.Capabilities().Put(t.Context(), c)
			}
			return err
		})
	}
	for _, name := range []string{"2026年第三批", " ２０２６年 第三批", "2026年 第三批"} {
		rows, err := b.Capabilities(t.Context(), store.ListingFilter{Batch: name}, store.Page{})
		if err != nil || len(rows.Items) != 1 || rows.Items[0].ID != e.Listing().ID {
			t.Errorf("%q: %+v, %v", name, rows.Items, err)
		}
		own, err := b.Entries(t.Context(), steward(), scene.KindCapability, store.ListingFilter{Batch: name}, store.Page{})
		if err != nil || len(own.Items) != 1 {
			t.Errorf("%q among entries: %d, %v", name, len(own.Items), err)
		}
		if names, err := b.BatchNames(t.Context(), scene.KindCapability, []string{name}); err != nil || !slices.Contains(names, " ２０２６年 第三批") || slices.Contains(names, "第四批") {
			t.Errorf("%q: %q, %v", name, names, err)
		}
	}
}
