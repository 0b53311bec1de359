package registry_test

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// estate fills a store with organisations and all that can belong to them, by chance.
func estate(b *bundle, r *rand.Rand, orgs int) {
	b.Helper()
	when := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	org := func(i int) scene.ID { return scene.ID(fmt.Sprintf("org-%d", i)) }
	ctx := b.Context()
	b.update(func(tx store.Tx) error {
		steps := []func(i int) error{
			func(i int) error {
				o := scene.Organisation{ID: org(i), Name: fmt.Sprintf("单位%d", i), Aliases: []string{fmt.Sprintf("别名%d", i)}, Contact: scene.Contact{Person: "张工"}, Created: when}
				_, err := tx.Organisations().Put(ctx, o)
				return err
			},
			func(i int) error {
				for n := range 1 + r.IntN(4) {
					name := fmt.Sprintf("能力%d", r.IntN(5)) // namesakes come about
					_, err := tx.Capabilities().Find(ctx, (&scene.Listing{Name: name, OrgName: fmt.Sprintf("单位%d", i)}).IdentityKey(scene.KindCapability))
					if scene.CodeOf(err) != scene.NotFound {
						continue
					}
					l := scene.Listing{ID: scene.ID(fmt.Sprintf("cap-%d-%d", i, n)), Name: name, OrgID: org(i), OrgName: fmt.Sprintf("单位%d", i), State: scene.Published}
					if _, err := tx.Capabilities().Put(ctx, scene.Capability{Listing: l}); err != nil {
						return err
					}
				}
				l := scene.Listing{ID: scene.ID(fmt.Sprintf("need-%d", i)), Code: fmt.Sprint(i), Name: "机会", OrgID: org(i), OrgName: fmt.Sprintf("单位%d", i), State: scene.Draft}
				_, err := tx.Opportunities().Put(ctx, scene.Opportunity{Listing: l})
				return err
			},
			func(i int) error {
				for n := range r.IntN(3) {
					id := scene.ID(fmt.Sprintf("who-%d-%d", i, n))
					if _, err := tx.Accounts().Put(ctx, scene.Account{ID: id, Login: string(id), OrgID: org(i), State: scene.AccountActive}); err != nil {
						return err
					}
					if _, err := tx.SavedSearches().Put(ctx, scene.SavedSearch{ID: "ask-" + id, Owner: id, OrgID: org(i), Name: "问"}); err != nil {
						return err
					}
				}
				return nil
			},
			func(i int) error {
				other := (i + 1 + r.IntN(orgs-1)) % orgs
				e := scene.Engagement{
					ID: scene.ID(fmt.Sprintf("pair-%d", i)), Need: scene.ID(fmt.Sprintf("need-%d", i)), Offer: scene.ID(fmt.Sprintf("cap-%d-0", other)),
					NeedOrg: org(i), OfferOrg: org(other), Stage: scene.StageStopped,
				}
				if beside := (other + 1) % orgs; beside != i {
					e.Partners = []scene.Partner{{Org: org(beside), Offer: scene.ID(fmt.Sprintf("cap-%d-0", beside))}}
				}
				_, err := tx.Engagements().Put(ctx, e)
				return err
			},
			func(i int) error {
				if _, err := tx.Fairs().Put(ctx, scene.Fair{ID: scene.ID(fmt.Sprintf("fair-%d", i)), Wall: fmt.Sprint(i), Title: fmt.Sprintf("对接会%d", i)}); err != nil {
					return err
				}
				for _, of := range []int{i, r.IntN(orgs)} {
					id := scene.ID(fmt.Sprintf("party-%d-%d-%d", i, of, r.IntN(1000)))
					if _, err := tx.Fairs().PutParty(ctx, scene.FairParty{ID: id, FairID: scene.ID(fmt.Sprintf("fair-%d", i)), OrgID: org(of), Name: "参会"}); err != nil {
						return err
					}
				}
				_, err := tx.Showcases().Put(ctx, scene.Showcase{ID: scene.ID(fmt.Sprintf("case-%d", i)), Name: "示范", Owner: fmt.Sprintf("单位%d", i), Provider: "外地公司", State: scene.Draft})
				return err
			},
		}
		for _, step := range steps {
			for i := range orgs {
				if err := step(i); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// owners tells of every row of the store whose it is.
func (b *bundle) owners() map[string]scene.ID {
	b.Helper()
	all := map[string]scene.ID{}
	ctx, page := b.Context(), store.Page{Limit: store.MaxPage}
	err := b.store.View(ctx, func(tx store.Tx) error {
		needs, err := tx.Opportunities().List(ctx, store.ListingFilter{}, page)
		for _, x := range needs.Items {
			all["opportunity "+string(x.ID)] = x.OrgID
		}
		offers, err2 := tx.Capabilities().List(ctx, store.ListingFilter{}, page)
		for _, x := range offers.Items {
			all["capability "+string(x.ID)] = x.OrgID
		}
		people, err3 := tx.Accounts().List(ctx, store.AccountFilter{}, page)
		for _, x := range people.Items {
			all["account "+string(x.ID)] = x.OrgID
		}
		asked, err4 := tx.SavedSearches().List(ctx, "", page)
		for _, x := range asked.Items {
			all["saved_search "+string(x.ID)] = x.OrgID
		}
		pairs, err5 := tx.Engagements().List(ctx, store.EngagementFilter{}, page)
		for _, x := range pairs.Items {
			all["engagement "+string(x.ID)], all["offer of engagement "+string(x.ID)] = x.NeedOrg, x.OfferOrg
			for _, p := range x.Partners {
				if found, err := tx.Engagements().List(ctx, store.EngagementFilter{Org: p.Org}, page); err != nil || !slices.ContainsFunc(found.Items, func(e scene.Engagement) bool { return e.ID == x.ID }) {
					b.Errorf("%s does not find its part in %s: %v", p.Org, x.ID, err)
				}
			}
		}
		fairs, err6 := tx.Fairs().List(ctx, page)
		for _, f := range fairs.Items {
			parties, err := tx.Fairs().Parties(ctx, f.ID)
			if err != nil {
				return err
			}
			for _, x := range parties {
				all["fair_party "+string(x.ID)] = x.OrgID
			}
		}
		for _, err := range []error{err, err2, err3, err4, err5, err6} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

func (b *bundle) unite(keep, drop scene.ID, take ...string) scene.Organisation {
	b.Helper()
	v, err := b.Compare(b.Context(), steward(), keep, drop)
	if err != nil || v.Against != nil {
		b.Fatal(err, v.Against)
	}
	o, err := b.Unite(b.Context(), steward(), registry.Union{
		Keep: keep, Drop: drop, KeepRevision: v.Keep.Revision, DropRevision: v.Drop.Revision, Take: take, Reason: "同一家",
	})
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// TestUniteLosesNothing: whatever organisations hold, after unions one after the
// other every row is still there, and whose it was decides whose it is.
func TestUniteLosesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		b, r := setup(t), rand.New(rand.NewPCG(seed, 1))
		const orgs = 5
		estate(b, r, orgs)
		want := b.owners()
		standing := []int{0, 1, 2, 3, 4}
		leads := map[scene.ID]scene.ID{}
		for range 3 {
			r.Shuffle(len(standing), func(i, j int) { standing[i], standing[j] = standing[j], standing[i] })
			keep, drop := scene.ID(fmt.Sprintf("org-%d", standing[0])), scene.ID(fmt.Sprintf("org-%d", standing[1]))
			standing = slices.Delete(standing, 1, 2)
			moved := []string{string(drop)}
			for row, org := range want {
				if org == drop {
					want[row] = keep
					moved = append(moved, row[strings.LastIndex(row, " ")+1:])
				}
			}
			var take []string
			for _, field := range registry.UnionFields() {
				if r.IntN(2) == 0 {
					take = append(take, field)
				}
			}
			b.unite(keep, drop, take...)
			for from, to := range leads {
				if to == drop {
					leads[from] = keep
				}
			}
			leads[drop] = keep
			if diff := cmp.Diff(want, b.owners()); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
			for _, row := range moved {
				if !slices.Contains(b.audited(scene.ID(row)), "organisation.merge") {
					t.Errorf("seed %d: no line of the record for %s", seed, row)
				}
			}
		}
		for i := range orgs {
			id := scene.ID(fmt.Sprintf("org-%d", i))
			want := id
			if to := leads[id]; to != "" {
				want = to
			}
			if o, err := b.Organisation(t.Context(), id); err != nil || o.ID != want {
				t.Errorf("seed %d: %s leads to %s (%v), want %s", seed, id, o.ID, err, want)
			}
			for _, name := range []string{"单位", "别名"} { // what it was called finds it
				rows, err := b.OrganisationsNamed(t.Context(), fmt.Sprint(name, i), store.Page{})
				if err != nil || len(rows.Items) != 1 || rows.Items[0].ID != want {
					t.Errorf("seed %d: %s%d finds %v, %v", seed, name, i, rows.Items, err)
				}
			}
		}
		all, err := b.Organisations(t.Context(), store.Page{})
		if err != nil || len(all.Items) != len(standing) {
			t.Errorf("seed %d: %d are listed, %v", seed, len(all.Items), err)
		}
	}
}

// TestUniteValues: the kept one's values count, but for those that are taken from
// the other; what one side alone tells stays, and lists are joined.
func TestUniteValues(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(func(tx store.Tx) error {
		_, err := tx.Organisations().PutMany(t.Context(), []scene.Organisation{
			{ID: "a", Name: "甲", Address: "东路", Founded: 2001, Industries: []string{"iot"}, Contact: scene.Contact{Person: "张"}},
			{ID: "b", Name: "乙", Address: "西路", CreditCode: "91350100M000100Y43", Profile: "简介", Industries: []string{"ai", "iot"}, Aliases: []string{"丙"}},
		})
		return err
	})
	b.update(func(tx store.Tx) error {
		_, err := tx.Showcases().Put(t.Context(), scene.Showcase{ID: "s", Name: "示范", Owner: "甲", Provider: "丁"})
		return err
	})
	o := b.unite("a", "b", "name", "address")
	want := scene.Organisation{
		ID: "a", Revision: 2, Name: "乙", Address: "西路", CreditCode: "91350100M000100Y43", Profile: "简介", Founded: 2001,
		Industries: []string{"iot", "ai"}, Aliases: []string{"甲", "丙"}, Contact: scene.Contact{Person: "张"}, Created: o.Created, Updated: o.Updated,
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
	if s, err := b.Showcase(t.Context(), "s"); err != nil || s.Owner != "乙" || s.Provider != "丁" {
		t.Errorf("the showcase names %q and %q, %v", s.Owner, s.Provider, err)
	}
}

func TestUniteRefuses(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	b.update(func(tx store.Tx) error {
		_, err := tx.Organisations().PutMany(t.Context(), []scene.Organisation{
			{ID: "x", Name: "戊公司", CreditCode: "91350100M000100Y43"},
			{ID: "y", Name: "己公司", CreditCode: "91320200MA1XXXXX0X"},
			{ID: "p", Name: "庚公司"},
			{ID: "q", Name: "辛公司"},
		})
		if err != nil {
			return err
		}
		_, err = tx.Engagements().Put(t.Context(), scene.Engagement{ID: "e", Need: "n", Offer: "o", NeedOrg: "p", OfferOrg: "q", NeedName: "巡检", Stage: scene.StageDocking})
		return err
	})
	b.unite("org-a", "org-b")
	do := func(by scene.Actor, u registry.Union) error {
		_, err := b.Unite(t.Context(), by, u)
		return err
	}
	for name, tt := range map[string]struct {
		u   registry.Union
		key string
	}{
		"Itself":       {registry.Union{Keep: "x", Drop: "x", Reason: "同"}, "organisation.merge_itself"},
		"Codes":        {registry.Union{Keep: "x", Drop: "y", KeepRevision: 1, DropRevision: 1, Reason: "同"}, "organisation.merge_codes"},
		"OpenPair":     {registry.Union{Keep: "p", Drop: "q", KeepRevision: 1, DropRevision: 1, Reason: "同"}, "organisation.merge_pair"},
		"Merged":       {registry.Union{Keep: "x", Drop: "org-b", KeepRevision: 1, DropRevision: 2, Reason: "同"}, "organisation.merged_before"},
		"NoReason":     {registry.Union{Keep: "x", Drop: "p", KeepRevision: 1, DropRevision: 1, Reason: " "}, "listing.reason_missing"},
		"StaleKept":    {registry.Union{Keep: "org-a", Drop: "p", KeepRevision: 1, DropRevision: 1, Reason: "同"}, "store.stale"},
		"StaleDropped": {registry.Union{Keep: "x", Drop: "p", KeepRevision: 1, DropRevision: 7, Reason: "同"}, "store.stale"},
		"Nobody":       {registry.Union{Keep: "x", Drop: "none", Reason: "同"}, "organisation.not_found"},
	} {
		wantKey(t, name, do(steward(), tt.u), tt.key)
	}
	wantKey(t, "Provider", do(provider(), registry.Union{Keep: "x", Drop: "p", Reason: "同"}), "permission.role")
	before := b.owners()
	if before["engagement e"] != "p" {
		t.Error("a refused union moved something")
	}
}

// TestUniteKeepsProposals: a revision that waits for review can still be accepted,
// and who wrote to the dropped one meanwhile writes to the kept one.
func TestUniteKeepsProposals(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e := b.published("声学监测")
	next := e.Copy()
	next.Capability.Description = "分布式光纤声学监测系统，单机覆盖五十公里管线，已运行四年。"
	if _, err := b.Propose(t.Context(), provider(), next, ""); err != nil {
		t.Fatal(err)
	}
	b.unite("org-b", "org-a")
	open, err := b.Proposed(t.Context(), steward(), e.Kind(), e.Listing().ID)
	if err != nil || open.Stale() || open.Proposal.OrgID != "org-b" {
		t.Fatalf("%+v, %v", open.Proposal, err)
	}
	if err := b.decide(steward(), &e, true, ""); err != nil {
		t.Fatal(err)
	}
	made := b.create(ready("晚到的条目")) // its actor still carries the old organisation
	if l := made.Listing(); l.OrgID != "org-b" || l.OrgName != "乙公司" {
		t.Errorf("a draft of the dropped one belongs to %s %s", l.OrgID, l.OrgName)
	}
}

// TestUniteAmongWriters: entries that are written while their owner is merged end
// with the kept one, all of them.
func TestUniteAmongWriters(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	const writers, each = 4, 6
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				if _, err := b.Create(t.Context(), provider(), ready(fmt.Sprintf("条目 %d-%d", w, n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	b.unite("org-b", "org-a")
	all.Wait()
	owners := b.owners()
	if len(owners) != writers*each {
		t.Errorf("%d entries of %d", len(owners), writers*each)
	}
	for row, org := range owners {
		if org != "org-b" {
			t.Errorf("%s is of %s", row, org)
		}
	}
}

// TestImportAfterUnion: a list that speaks of the dropped one by name changes nothing.
func TestImportAfterUnion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	row := func(org string) scene.Row {
		return scene.Row{Label: org, Org: scene.Organisation{Name: org}, Opportunity: &scene.Opportunity{Listing: scene.Listing{Name: "隧道监测", OrgName: org}, Need: "渗漏水监测"}}
	}
	b.imports(registry.ImportOptions{Source: "名单"}, row("甲公司"), row("甲科技"))
	orgs, err := b.Organisations(t.Context(), store.Page{})
	if err != nil || len(orgs.Items) != 2 {
		t.Fatal(orgs, err)
	}
	b.unite(orgs.Items[0].ID, orgs.Items[1].ID)
	before := b.needs()
	report := b.imports(registry.ImportOptions{Source: "名单"}, row("甲公司"), row("甲科技"))
	if c := report.Job.Count; c.Created != 0 || c.Changed != 0 {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(before, b.needs()); diff != "" || len(before) != 2 {
		t.Errorf("%d entries: %s", len(before), diff)
	}
}

func TestSuspects(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(func(tx store.Tx) error {
		_, err := tx.Organisations().PutMany(t.Context(), []scene.Organisation{
			{ID: "a", Name: "云岭传感科技有限公司", CreditCode: "91350100M000100Y43", Contact: scene.Contact{Phone: "0510-55500001"}},
			{ID: "b", Name: "云岭传感科技", Contact: scene.Contact{Mail: "x@yunling.example"}},
			{ID: "c", Name: "无锡云岭传感科技有限公司", Contact: scene.Contact{Phone: "051055500001"}},
			{ID: "d", Name: "别的单位", Contact: scene.Contact{Mail: "y@yunling.example"}},
			{ID: "e", Name: "无关机构", Contact: scene.Contact{Mail: "z@qq.com"}},
			{ID: "f", Name: "另一机构", Contact: scene.Contact{Mail: "z2@qq.com"}},
			{ID: "g", Name: "云岭传感科技股份有限公司", CreditCode: "91320200MA1XXXXX0X"},
		})
		return err
	})
	told := func() (pairs []string) {
		list, err := b.Suspects(t.Context(), steward())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			pairs = append(pairs, fmt.Sprintf("%s%s %s", s.First.ID, s.Second.ID, strings.Join(s.Why, "+")))
		}
		return pairs
	}
	want := []string{"ac part+phone", "ab name", "bg name", "bc part", "bd mail", "cg part"}
	if diff := cmp.Diff(want, told()); diff != "" {
		t.Error(diff)
	}
	if err := b.Distinct(t.Context(), steward(), "g", "b"); err != nil {
		t.Fatal(err)
	}
	if got := told(); slices.Contains(got, "bg name") || len(got) != len(want)-1 {
		t.Errorf("after a person said that they are two: %v", got)
	}
	wantKey(t, "an auditor looks", func() error {
		_, err := b.Suspects(t.Context(), scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleAuditor}})
		return err
	}(), "permission.role")
}

// reread is a store where something happens right after rows were read.
type reread struct {
	store.Store
	then func()
}

func (s *reread) View(ctx context.Context, fn func(store.Tx) error) error {
	err := s.Store.View(ctx, fn)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return err
}

// TestSuspectsMeanwhile: what a person says while suspects are looked for is not lost
// on those that are shown next.
func TestSuspectsMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.update(func(tx store.Tx) error {
		_, err := tx.Organisations().PutMany(t.Context(), []scene.Organisation{{ID: "a", Name: "云岭传感科技有限公司"}, {ID: "b", Name: "云岭传感科技"}})
		return err
	})
	now := func() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }
	s := &reread{Store: b.store}
	r := registry.New(s, scene.NewIDMaker(now, crand.Reader), now)
	s.then = func() {
		if err := r.Distinct(t.Context(), steward(), "a", "b"); err != nil {
			t.Error(err)
		}
	}
	for i, want := range []int{1, 0} {
		if list, err := r.Suspects(t.Context(), steward()); err != nil || len(list) != want {
			t.Errorf("look %d: %d suspects, %v", i, len(list), err)
		}
	}
}
