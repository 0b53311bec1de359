package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// full is an organisation with every field set.
func full() scene.Organisation {
	o := organisation(1)
	o.CreditCode = "91350100M000100Y43"
	o.NameEn, o.Aliases = "One Ltd", []string{"甲公司", "One"}
	o.Kind, o.Region, o.Address, o.Profile = scene.Private, "320214", "示范路 1 号", "做传感器\n“两行”"
	o.Industries = []string{"iot", "ai"}
	o.Qualifications = []scene.Qualification{{Code: "little_giant", Level: "national", Text: "小巨人", Until: now()}}
	o.Founded, o.Source = 2009, "名单"
	o.Contact = scene.Contact{Person: "某人", Phone: "0510-55500001", Mail: "a@example.com", Raw: "某人"}
	return o
}

func organisationsRoundTrip(t *testing.T, b *bench) {
	given := full()
	want := full()
	want.Revision, want.Created, want.Updated = 1, kept(), kept()
	want.Qualifications[0].Until = kept()
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Organisations().Put(ctx, given)
		expectSame(t, "what Put returned", got, want)
		return err
	})
	if !given.Qualifications[0].Until.Equal(now()) {
		t.Error("Put changed its argument")
	}
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Organisations().Get(ctx, want.ID)
		expectSame(t, "what Get returned", got, want)
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Organisations().Delete(ctx, want.ID); err != nil {
			return err
		}
		if err := tx.Organisations().Delete(ctx, want.ID); err != nil {
			t.Errorf("Delete of no row: %v", err)
		}
		_, err := tx.Organisations().Get(ctx, want.ID)
		expectCode(t, "Get of a deleted row", err, scene.NotFound)
		revisions, err := tx.Organisations().Revisions(ctx, want.ID)
		expectSame(t, "revisions of a deleted row", len(revisions), 0)
		return err
	})
	nameless := organisation(2)
	nameless.ID = ""
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, nameless) })
	expectCode(t, "Put without ID", err, scene.Invalid)
}

func organisationsFound(t *testing.T, b *bench) {
	one, two := full(), organisation(2)
	two.Name, two.Aliases = "Beta 公司", []string{"贝塔", "（--）", ""} // the last two fold to nothing
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, one, two, organisation(3)) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, c := range []struct {
			name string
			code scene.CreditCode
			key  string
			want scene.ID
		}{
			{"ByCode", one.CreditCode, "", one.ID},
			{"ByName", "", scene.NameKey("ＢＥＴＡ公司"), two.ID},
			{"ByAlias", "", scene.NameKey("贝塔"), two.ID},
			{"CodeBeforeName", one.CreditCode, scene.NameKey(two.Name), one.ID},
			{"NameWhereCodeIsUnknown", "91320200MA1XXXXX0X", scene.NameKey(two.Name), two.ID},
			{"Nothing", "", "", ""},
			{"Unknown", "91320200MA1XXXXX0X", "nobody", ""},
			{"NameIsNotACode", scene.CreditCode(scene.NameKey(two.Name)), "", ""},
		} {
			got, err := tx.Organisations().Find(ctx, c.code, c.key)
			if c.want == "" {
				expectCode(t, c.name, err, scene.NotFound)
			} else if err != nil || got.ID != c.want {
				t.Errorf("%s: %s, %v, want %s", c.name, got.ID, err, c.want)
			}
		}
		rows, err := tx.Organisations().FindMany(ctx, []scene.CreditCode{one.CreditCode, "", "x"},
			[]string{scene.NameKey("甲公司"), scene.NameKey("贝塔"), "", "nobody"})
		expectSame(t, "FindMany", ids(rows), []scene.ID{one.ID, two.ID})
		if err != nil {
			return err
		}
		rows, err = tx.Organisations().FindMany(ctx, nil, nil)
		expectSame(t, "FindMany of nothing", len(rows), 0)
		if err != nil {
			return err
		}
		rows, err = tx.Organisations().GetMany(ctx, []scene.ID{"org-0003", "nobody", one.ID, one.ID, ""})
		expectSame(t, "GetMany", ids(rows), []scene.ID{one.ID, "org-0003"})
		return err
	})
}

// ids returns the ids of rows in order.
func ids(rows []scene.Organisation) []scene.ID {
	var list []scene.ID
	for _, o := range rows {
		list = append(list, o.ID)
	}
	slices.Sort(list)
	return list
}

func organisationKeysUnique(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, full(), organisation(2)) })
	for name, change := range map[string]func(*scene.Organisation){
		"SameCode":   func(o *scene.Organisation) { o.CreditCode = full().CreditCode },
		"SameName":   func(o *scene.Organisation) { o.Name = "第1(无锡) 公司" },
		"NameAlias":  func(o *scene.Organisation) { o.Name = "甲公司" },
		"AliasName":  func(o *scene.Organisation) { o.Aliases = []string{"别的", full().Name} },
		"AliasAlias": func(o *scene.Organisation) { o.Aliases = []string{"one"} },
	} {
		fresh, second := organisation(9), organisation(2)
		second.Revision = 1
		for _, row := range []scene.Organisation{fresh, second} {
			change(&row)
			err := b.try(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, row) })
			expectCode(t, name, err, scene.Conflict)
		}
	}
	twins := []scene.Organisation{organisation(7), organisation(8)}
	twins[1].Aliases = []string{twins[0].Name}
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, twins...) })
	expectCode(t, "twins in one call", err, scene.Conflict)
	same := organisation(6)
	same.Aliases = []string{same.Name, "另名", "另 名"} // one row may repeat its own
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, same) })
}

func organisationKeysFollow(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		o, err := tx.Organisations().Put(ctx, full())
		if err != nil {
			return err
		}
		o.Name, o.CreditCode, o.Aliases = "改名公司", "", []string{"甲公司"}
		_, err = tx.Organisations().Put(ctx, o)
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Organisations().Find(ctx, "", scene.NameKey("改名公司")); err != nil {
			t.Errorf("the new name: %v", err)
		}
		_, err := tx.Organisations().Find(ctx, full().CreditCode, scene.NameKey("one"))
		expectCode(t, "the old keys", err, scene.NotFound)
		heir := organisation(2)
		heir.Name, heir.CreditCode = full().Name, full().CreditCode
		if err := put(ctx, tx, heir); err != nil {
			return err
		}
		if err := tx.Organisations().Delete(ctx, heir.ID); err != nil {
			return err
		}
		heir.ID = "heir" // what a deleted row held is free
		return put(ctx, tx, heir)
	})
}

func organisationsListed(t *testing.T, b *bench) {
	const count = 23
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		var rows []scene.Organisation
		for n := range count {
			rows = append(rows, organisation(count-n))
		}
		return put(ctx, tx, rows...)
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		if n, err := tx.Organisations().Count(ctx); n != count || err != nil {
			t.Errorf("Count: %d, %v", n, err)
		}
		var seen []scene.ID
		for p := (store.Page{Limit: 10}); ; {
			rows, err := tx.Organisations().List(ctx, p)
			if err != nil {
				return err
			}
			for _, o := range rows.Items {
				seen = append(seen, o.ID)
			}
			if rows.Next == "" {
				break
			}
			expectSame(t, "rows of a full page", len(rows.Items), 10)
			p.After = rows.Next
		}
		if len(seen) != count || !slices.IsSorted(seen) {
			t.Errorf("rows listed: %v", seen)
		}
		return nil
	})
}

func organisationsInUse(t *testing.T, b *bench) {
	need := scene.Opportunity{Listing: scene.Listing{ID: "need", Name: "需求", OrgID: "org-0001", State: scene.Draft, Updated: time.Now()}}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		_, err := tx.Opportunities().Put(ctx, need)
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Organisations().Delete(ctx, "org-0001") })
	expectCode(t, "Delete of an organisation in use", err, scene.Precondition)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Opportunities().Delete(ctx, "need"); err != nil {
			return err
		}
		return tx.Organisations().Delete(ctx, "org-0001")
	})
	need.OrgID = "nobody"
	err = b.try(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Opportunities().Put(ctx, need)
		return err
	})
	expectCode(t, "Put of a listing of nobody", err, scene.Precondition)
}

// organisationsMerge: one that was merged is still there by its ID, and nowhere else.
func organisationsMerge(t *testing.T, b *bench) {
	kept, gone := full(), organisation(2)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, kept, gone); err != nil {
			return err
		}
		stored, err := tx.Organisations().Get(ctx, gone.ID)
		if err != nil {
			return err
		}
		stored.MergedInto = kept.ID
		if _, err := tx.Organisations().Put(ctx, stored); err != nil {
			return err
		}
		next, err := tx.Organisations().Get(ctx, kept.ID)
		if err != nil {
			return err
		}
		next.Aliases = append(next.Aliases, gone.Name) // its name is free
		_, err = tx.Organisations().Put(ctx, next)
		return err
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		stored, err := tx.Organisations().Get(ctx, gone.ID)
		expectSame(t, "where it leads", stored.MergedInto, kept.ID)
		if err != nil {
			return err
		}
		found, err := tx.Organisations().Find(ctx, "", scene.NameKey(gone.Name))
		expectSame(t, "what its name finds", found.ID, kept.ID)
		if err != nil {
			return err
		}
		standing, err := store.Standing(ctx, tx, gone.ID)
		expectSame(t, "which one stands", standing.ID, kept.ID)
		if err != nil {
			return err
		}
		rows, err := tx.Organisations().List(ctx, store.Page{})
		expectSame(t, "listed", ids(rows.Items), []scene.ID{kept.ID})
		if n, err := tx.Organisations().Count(ctx); n != 1 || err != nil {
			t.Errorf("Count: %d, %v", n, err)
		}
		revisions, err2 := tx.Organisations().Revisions(ctx, gone.ID)
		expectSame(t, "contents it had", len(revisions), 2)
		return errors.Join(err, err2)
	})
	for name, write := range map[string]func(context.Context, store.Tx) error{
		"Listing": func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Capabilities().Put(ctx, scene.Capability{Listing: scene.Listing{ID: "c", Name: "能力", OrgID: gone.ID, State: scene.Draft}})
			return err
		},
		"Account": func(ctx context.Context, tx store.Tx) error {
			a := person(1)
			a.OrgID = gone.ID
			_, err := tx.Accounts().Put(ctx, a)
			return err
		},
	} {
		expectCode(t, name+" of a merged organisation", b.try(t, write), scene.Precondition)
	}
}

func organisationsNamed(t *testing.T, b *bench) {
	one, two := full(), organisation(2)
	two.Name, two.Aliases = "Beta_100% 公司", []string{"贝塔"}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, one, two, organisation(3)) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for words, want := range map[string][]scene.ID{
			"贝": {two.ID}, "ＢＥＴＡ": {two.ID}, "100%": {two.ID}, "a%c": nil, string(one.CreditCode): {one.ID}, string(two.ID): {two.ID},
			"（--）": nil, "没有": nil, "": {one.ID, two.ID, organisation(3).ID}, "甲公": {one.ID},
		} {
			rows, err := tx.Organisations().Named(ctx, words, store.Page{})
			if err != nil {
				return err
			}
			expectSame(t, "named "+words, ids(rows.Items), want)
		}
		return nil
	})
}
