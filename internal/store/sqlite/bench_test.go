package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

const (
	benchRows  = 20_000
	benchChunk = 500
)

// capability makes the n-th row of an import: 1.5 KB of text, one organisation
// for every four rows.
func capability(n int) (scene.Capability, scene.Organisation) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	org := n / 4
	o := scene.Organisation{
		ID: scene.ID(fmt.Sprintf("org-%06d", org)), Name: fmt.Sprintf("无锡第%d智能科技有限公司", org), Aliases: []string{fmt.Sprintf("智能%d", org)},
		Profile: strings.Repeat("专注物联网感知与边缘计算。", 10), Created: at, Updated: at,
	}
	c := scene.Capability{
		Listing: scene.Listing{
			ID: scene.ID(fmt.Sprintf("cap-%06d", n)), Source: "名单", Name: fmt.Sprintf("第%d号能力", n), OrgID: o.ID, OrgName: o.Name,
			Fields: []string{fmt.Sprint("field-", n%19), fmt.Sprint("field-", n%7)}, State: scene.Submitted, Created: at, Updated: at,
		},
		Description: strings.Repeat("面向水务场景的漏损监测，", 30),
	}
	return c, o
}

// importChunk does what an import does with a chunk: look up organisations and
// listings, write what is new, log the changes, announce them.
func importChunk(ctx context.Context, tx store.Tx, job scene.ID, from int) error {
	tx = tx.ForImport(job)
	var rows []scene.Capability
	var keys, identities []string
	told := map[string]scene.Organisation{}
	for n := from; n < from+benchChunk; n++ {
		c, o := capability(n)
		rows = append(rows, c)
		identities = append(identities, c.IdentityKey(scene.KindCapability))
		key := scene.NameKey(o.Name)
		keys = append(keys, key)
		told[key] = o
	}
	known, err := tx.Organisations().FindMany(ctx, nil, keys)
	if err != nil {
		return err
	}
	for _, o := range known {
		delete(told, scene.NameKey(o.Name))
	}
	var fresh []scene.Organisation
	for _, o := range told {
		fresh = append(fresh, o)
	}
	if _, err := tx.Organisations().PutMany(ctx, fresh); err != nil {
		return err
	}
	if _, err := tx.Capabilities().FindMany(ctx, identities); err != nil {
		return err
	}
	put, err := tx.Capabilities().PutMany(ctx, rows)
	if err != nil {
		return err
	}
	changes := make([]scene.Change, len(put))
	ids := make([]scene.ID, len(put))
	for i, c := range put {
		changes[i], ids[i] = scene.Change{Noun: "capability", ID: c.ID, After: c.Revision}, c.ID
	}
	if err := tx.Imports().AddChanges(ctx, job, changes); err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{ID: scene.ID(fmt.Sprint(job, from)), Subject: scene.CapabilityChanged, IDs: ids})
}

// imported is a store with the rows of an import.
func imported(b *testing.B) *sqlite.Store {
	b.Helper()
	s := open(b, filepath.Join(b.TempDir(), "city.db"))
	ctx := context.Background()
	update := func(fn func(store.Tx) error) {
		if err := s.Update(ctx, fn); err != nil {
			b.Fatal(err)
		}
	}
	update(func(tx store.Tx) error { return tx.Imports().Put(ctx, scene.Import{ID: "job"}) })
	for from := 0; from < benchRows; from += benchChunk {
		update(func(tx store.Tx) error { return importChunk(ctx, tx, "job", from) })
	}
	return s
}

func BenchmarkImport20000(b *testing.B) {
	for b.Loop() {
		s := imported(b)
		b.StopTimer()
		_ = s.Close()
		b.StartTimer()
	}
}

func BenchmarkRead(b *testing.B) {
	s := imported(b)
	defer s.Close()
	ctx := context.Background()
	view := func(name string, fn func(tx store.Tx, i int) error) {
		b.Run(name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				if err := s.View(ctx, func(tx store.Tx) error { return fn(tx, i) }); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
	view("Get", func(tx store.Tx, i int) error {
		c, _ := capability(i * 7919 % benchRows)
		_, err := tx.Capabilities().Get(ctx, c.ID)
		return err
	})
	view("List50", func(tx store.Tx, _ int) error {
		_, err := tx.Capabilities().List(ctx, store.ListingFilter{}, store.Page{})
		return err
	})
	view("List50Newest", func(tx store.Tx, _ int) error {
		_, err := tx.Capabilities().List(ctx, store.ListingFilter{Newest: true, States: []scene.State{scene.Submitted}}, store.Page{})
		return err
	})
	view("List50Field", func(tx store.Tx, i int) error {
		_, err := tx.Capabilities().List(ctx, store.ListingFilter{Field: fmt.Sprint("field-", i%19)}, store.Page{})
		return err
	})
	view("IDs1000OfSource", func(tx store.Tx, _ int) error {
		_, err := tx.Capabilities().IDs(ctx, store.ListingFilter{Source: "名单"}, store.Page{Limit: 1000})
		return err
	})
	view("CountState", func(tx store.Tx, _ int) error {
		_, err := tx.Capabilities().Count(ctx, store.ListingFilter{States: []scene.State{scene.Submitted}})
		return err
	})
	view("FindOrganisation", func(tx store.Tx, i int) error {
		_, o := capability(i * 7919 % benchRows)
		_, err := tx.Organisations().Find(ctx, "", scene.NameKey(o.Name))
		return err
	})
}

func BenchmarkPutOne(b *testing.B) {
	s := imported(b)
	defer s.Close()
	ctx := context.Background()
	i := 0
	for b.Loop() {
		err := s.Update(ctx, func(tx store.Tx) error {
			c, _ := capability(i % benchRows)
			row, err := tx.Capabilities().Get(ctx, c.ID)
			if err != nil {
				return err
			}
			row.Description = fmt.Sprint("edit ", i)
			if _, err = tx.Capabilities().Put(ctx, row); err != nil {
				return err
			}
			return tx.Emit(ctx, scene.Event{ID: scene.ID(fmt.Sprint("edit-", i)), Subject: scene.CapabilityChanged, IDs: []scene.ID{row.ID}})
		})
		if err != nil {
			b.Fatal(err)
		}
		i++
	}
}
