package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func dictionariesEdited(t *testing.T, b *bench) {
	field := scene.Dictionary{Name: "field", Zh: "应用领域", Terms: []scene.Term{{Code: "b", Zh: "乙", Synonyms: []string{"二"}}, {Code: "a", Zh: "甲"}}}
	mode := scene.Dictionary{Name: "mode", Zh: "合作方式"}
	walk := scene.Crosswalk{From: "field", To: "industry", Links: []scene.Link{{From: "a", To: "x", Weight: 0.5}}}
	back := scene.Crosswalk{From: "field", To: "economy"}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		d := tx.Dictionaries()
		for _, dict := range []scene.Dictionary{mode, {Name: "field", Zh: "旧"}, field} {
			if err := d.Put(ctx, dict); err != nil {
				return err
			}
		}
		for _, c := range []scene.Crosswalk{{From: "field", To: "industry"}, walk, back} {
			if err := d.PutCrosswalk(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		dictionaries, err := tx.Dictionaries().List(ctx)
		expectSame(t, "dictionaries", dictionaries, []scene.Dictionary{field, mode})
		if err != nil {
			return err
		}
		crosswalks, err := tx.Dictionaries().Crosswalks(ctx)
		expectSame(t, "crosswalks", crosswalks, []scene.Crosswalk{back, walk})
		return err
	})
	for name, put := range map[string]func(ctx context.Context, tx store.Tx) error{
		"Dictionary": func(ctx context.Context, tx store.Tx) error { return tx.Dictionaries().Put(ctx, scene.Dictionary{}) },
		"Crosswalk": func(ctx context.Context, tx store.Tx) error {
			return tx.Dictionaries().PutCrosswalk(ctx, scene.Crosswalk{From: "field"})
		},
		"Setting": func(ctx context.Context, tx store.Tx) error { return tx.Settings().Put(ctx, "", []byte("x")) },
		"Import":  func(ctx context.Context, tx store.Tx) error { return tx.Imports().Put(ctx, scene.Import{}) },
	} {
		expectCode(t, name+" without a name", b.try(t, put), scene.Invalid)
	}
}

func wordsReplaced(t *testing.T, b *bench) {
	many := make([]scene.Word, 120)
	for i := range many {
		many[i] = scene.Word{Word: fmt.Sprint("词", 200-i), Synonyms: []string{"同"}, Pinyin: "ci", Exclude: i%2 == 0}
	}
	for _, words := range [][]scene.Word{many, many[3:5], nil} {
		b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Dictionaries().PutWords(ctx, words) })
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := tx.Dictionaries().Words(ctx)
			expectSame(t, "words", got, words)
			return err
		})
	}
	for name, words := range map[string][]scene.Word{"Twice": {{Word: "a"}, {Word: "a"}}, "Empty": {{}}} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Dictionaries().PutWords(ctx, words) })
		expectCode(t, name, err, scene.Invalid)
	}
}

func importsLogged(t *testing.T, b *bench) {
	job := scene.Import{
		ID: "job-2", File: "需求.xlsx", Digest: "00ff", Source: "名单", Batch: "第1批", State: scene.Submitted, Status: "running",
		Count: scene.Tally{Read: 3, Created: 1, Merged: 1, Rejected: 1}, Began: kept(), Ended: kept(), Actor: "a", Missing: []scene.ID{"x"},
	}
	var changes []scene.Change
	for n := range 130 {
		changes = append(changes, scene.Change{Noun: "organisation", ID: scene.ID(fmt.Sprint("row", 200-n)), Before: n, After: n + 1})
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		given := job
		given.Began, given.Ended = now(), now()
		for _, j := range []scene.Import{{ID: "job-1", Began: now().Add(-time.Hour)}, {ID: "job-3", Began: now().Add(-time.Minute)}, given} {
			if err := tx.Imports().Put(ctx, j); err != nil {
				return err
			}
		}
		given.Status = "done"
		if err := tx.Imports().Put(ctx, given); err != nil {
			return err
		}
		return tx.Imports().AddChanges(ctx, "job-2", changes[:100])
	})
	job.Status = "done"
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Imports().AddChanges(ctx, "job-2", changes[100:])
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Imports().Get(ctx, "job-2")
		expectSame(t, "job", got, job)
		if err != nil {
			return err
		}
		_, err = tx.Imports().Get(ctx, "nobody")
		expectCode(t, "Get of no job", err, scene.NotFound)
		var order []scene.ID
		for p := (store.Page{Limit: 2}); ; {
			jobs, err := tx.Imports().List(ctx, p)
			if err != nil {
				return err
			}
			for _, j := range jobs.Items {
				order = append(order, j.ID)
			}
			if p.After = jobs.Next; p.After == "" {
				break
			}
		}
		expectSame(t, "jobs", order, []scene.ID{"job-2", "job-3", "job-1"})
		expectSame(t, "changes", allChanges(t, ctx, tx, "job-2"), changes)
		expectSame(t, "changes of another job", len(allChanges(t, ctx, tx, "job-1")), 0)
		return nil
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Imports().AddChanges(ctx, "nobody", changes[:1])
	})
	expectCode(t, "changes of no job", err, scene.Precondition)
}

func allChanges(t *testing.T, ctx context.Context, tx store.Tx, job scene.ID) (all []scene.Change) {
	t.Helper()
	for p := (store.Page{Limit: 60}); ; {
		rows, err := tx.Imports().Changes(ctx, job, p)
		if err != nil {
			t.Fatalf("Changes: %v", err)
		}
		all = append(all, rows.Items...)
		if p.After = rows.Next; p.After == "" {
			return all
		}
	}
}

func settingsKept(t *testing.T, b *bench) {
	values := map[string][]byte{"a": []byte("1"), "映射/名单": {0, 0xff, '\n'}, "empty": {}}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Settings().Put(ctx, "a", []byte("old")); err != nil {
			return err
		}
		for key, value := range values {
			if err := tx.Settings().Put(ctx, key, value); err != nil {
				return err
			}
		}
		return nil
	})
	b.reopen(t)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for key, want := range values {
			got, err := tx.Settings().Get(ctx, key)
			expectSame(t, key, got, want)
			if err != nil {
				return err
			}
			if err := tx.Settings().Put(ctx, key, nil); err != nil {
				return err
			}
			got, err = tx.Settings().Get(ctx, key)
			if got != nil || err != nil {
				t.Errorf("%s after it was removed: %q, %v", key, got, err)
			}
		}
		return nil
	})
}

// textSurvives writes what no engine agrees on by itself.
func textSurvives(t *testing.T, b *bench) {
	s := opportunities()
	nasty := "a\x00b\xff 景合 🂡 \u2028 '\"\\ <script>&"
	const readable = "a\x00b\uFFFD 景合 🂡 \u2028 '\"\\ <script>&" // broken UTF-8 is replaced, nothing else
	row := s.row(1)
	row.ID = scene.ID(readable)
	row.Name, row.OrgName, row.Need, row.Batch, row.Source, row.Code = nasty, nasty, nasty, nasty, nasty, nasty
	row.Fields = []string{nasty}
	org := organisation(1)
	org.Name = nasty
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, org); err != nil {
			return err
		}
		return s.puts(ctx, tx, row)
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Opportunities().Get(ctx, row.ID)
		if err != nil {
			return err
		}
		expectSame(t, "name", got.Name, readable)
		expectSame(t, "need", got.Need, readable)
		if _, err := tx.Organisations().Find(ctx, "", scene.NameKey(nasty)); err != nil {
			t.Errorf("Find by such a name: %v", err)
		}
		if _, err := tx.Opportunities().Find(ctx, row.IdentityKey(scene.KindOpportunity)); err != nil {
			t.Errorf("Find by such a code: %v", err)
		}
		n, err := tx.Opportunities().Count(ctx, store.ListingFilter{Batch: nasty, Source: nasty, Field: nasty})
		expectSame(t, "rows filtered by such texts", n, 1)
		return err
	})
}
