package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// side lets one test run on both kinds of listing.
type side[T any] struct {
	kind  scene.Kind
	table func(store.Tx) store.Listings[T]
	part  func(*T) *scene.Listing
	// full has every field set that the kind does not share; trimmed brings
	// the times among them to what a store keeps.
	full    func() T
	trimmed func(*T)
}

func opportunities() side[scene.Opportunity] {
	return side[scene.Opportunity]{
		kind: scene.KindOpportunity, table: store.Tx.Opportunities,
		part:    func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
		trimmed: func(*scene.Opportunity) {},
		full: func() scene.Opportunity {
			return scene.Opportunity{
				Department: "工信局", OwnerKind: scene.Government, Situation: "现状", Need: "需求 <b>&", Targets: "≥450MPa",
				Resources: "场地", Works: "建设", SiteText: "滨湖", NeedType: "类型", Reference: "案例", TechText: "技术",
				Budget: scene.MoneyRange{Min: 50 * scene.Wan, Max: scene.Yi, Negotiable: true}, Schedule: scene.Months{Min: 0.5, Max: 3},
				Procurement: "招标", FirstUse: scene.Yes, Attachments: []scene.ID{"a"}, StewardID: "s",
				Require: scene.Eligibility{
					Qualifications: []string{"little_giant"}, Regions: []string{"320000"}, MinMaturity: 7,
					Domestic: true, MLPS: 3, Consortium: scene.No,
				},
			}
		},
	}
}

func capabilities() side[scene.Capability] {
	return side[scene.Capability]{
		kind: scene.KindCapability, table: store.Tx.Capabilities,
		part: func(c *scene.Capability) *scene.Listing { return &c.Listing },
		trimmed: func(c *scene.Capability) {
			for i := range c.Qualifications {
				c.Qualifications[i].Until = kept()
			}
		},
		full: func() scene.Capability {
			return scene.Capability{
				Description: "说明", Product: "产品", ProductForm: "样机", TechText: "技术", ScenarioText: "场景", Indicators: "±0.2mm",
				Level: "国内领先", Conditions: "机房", IP: "专利",
				Qualifications: []scene.Qualification{{Code: "high_tech", Until: now()}},
				Cases:          []scene.Case{{Customer: "客户", Year: 2025, Result: "好"}}, Price: scene.MoneyRange{Max: scene.Wan},
				Delivery: scene.Months{Max: 6}, FirstOfKind: "首台套", Domestic: scene.No, MLPS: 2,
				Wants: scene.Terms{Regions: []string{"320200"}, MinBudget: 5 * scene.Wan, Modes: []string{"joint_build"}},
			}
		},
	}
}

// row makes the n-th listing of a test.
func (s side[T]) row(n int) T {
	var row T
	*s.part(&row) = scene.Listing{
		ID: scene.ID(fmt.Sprintf("row-%04d", n)), Name: fmt.Sprintf("名称%d", n), OrgName: "公司",
		State: scene.Published, Created: now(), Updated: now(),
	}
	return row
}

// rich makes a listing with every field set.
func (s side[T]) rich() T {
	row := s.full()
	*s.part(&row) = scene.Listing{
		ID: "rich", Code: "A-1", Batch: "第1批", Source: "名单", RowLabel: "1", Name: "名称", NameEn: "Name", Summary: "Summary",
		OrgID: "org-0001", OrgName: "公司", Fields: []string{"smart_water", "ai", "ai"}, Industries: []string{"iot"}, Category: "智慧水务/AI",
		Keywords: []string{"漏损"}, Modes: []string{"purchase"}, Maturity: scene.Maturity{Min: 7, Max: 8}, Regions: []string{"320211"},
		Contact: scene.Contact{Person: "某人", Phone: "0510-55500001"}, Extra: map[string]string{"备注": "x"},
		State: scene.Published, ValidFrom: now(), ValidTo: now(), Created: now(), Updated: now(),
	}
	return row
}

// trim brings the times of a row to what a store keeps.
func (s side[T]) trim(row *T) {
	p := s.part(row)
	for _, at := range []*time.Time{&p.ValidFrom, &p.ValidTo, &p.Created, &p.Updated} {
		if !at.IsZero() {
			*at = kept()
		}
	}
	s.trimmed(row)
}

func (s side[T]) puts(ctx context.Context, tx store.Tx, rows ...T) error {
	_, err := s.table(tx).PutMany(ctx, rows)
	return err
}

func (s side[T]) ids(rows []T) []scene.ID {
	var list []scene.ID
	for i := range rows {
		list = append(list, s.part(&rows[i]).ID)
	}
	return list
}

func roundTrip[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		want := s.rich()
		s.trim(&want)
		s.part(&want).Revision = 1
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			if err := put(ctx, tx, organisation(1)); err != nil {
				return err
			}
			got, err := s.table(tx).Put(ctx, s.rich())
			expectSame(t, "what Put returned", got, want)
			return err
		})
		b.reopen(t)
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := s.table(tx).Get(ctx, "rich")
			expectSame(t, "what Get returned", got, want)
			if err != nil {
				return err
			}
			got, err = s.table(tx).Find(ctx, s.part(&want).IdentityKey(s.kind))
			expectSame(t, "what Find returned", got, want)
			if err != nil {
				return err
			}
			_, err = s.table(tx).Find(ctx, "nothing")
			expectCode(t, "Find of nothing", err, scene.NotFound)
			_, err = s.table(tx).Find(ctx, "")
			expectCode(t, "Find of no identity", err, scene.NotFound)
			many, err := s.table(tx).GetMany(ctx, []scene.ID{"rich", "nobody", "rich"})
			expectSame(t, "GetMany", many, []T{want})
			return err
		})
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			if err := s.table(tx).Delete(ctx, "rich"); err != nil {
				return err
			}
			_, err := s.table(tx).Get(ctx, "rich")
			expectCode(t, "Get of a deleted row", err, scene.NotFound)
			if n, err := s.table(tx).Count(ctx, store.ListingFilter{Field: "ai"}); n != 0 || err != nil {
				t.Errorf("a deleted row is counted: %d, %v", n, err)
			}
			return s.table(tx).Delete(ctx, "rich")
		})
	}
}

func revisionsOptimistic[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		try := func(row T) error {
			return b.try(t, func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, row) })
		}
		row := s.row(1)
		if err := try(row); err != nil {
			t.Fatal(err)
		}
		again := s.row(1)
		s.part(&again).Name = "同号"
		expectCode(t, "a second row of that ID", try(again), scene.Conflict)
		for _, revision := range []int{2, 3, -1} {
			s.part(&row).Revision = revision
			expectCode(t, fmt.Sprint("revision ", revision), try(row), scene.Conflict)
		}
		s.part(&row).Revision = 1
		if err := try(row); err != nil {
			t.Errorf("the right revision: %v", err)
		}
		expectCode(t, "the same revision again", try(row), scene.Conflict)
		gone := s.row(2)
		s.part(&gone).Revision = 1
		expectCode(t, "a row that is not there", try(gone), scene.Conflict)
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := s.table(tx).Get(ctx, "row-0001")
			expectSame(t, "revision", s.part(&got).Revision, 2)
			return err
		})
	}
}

func revisionsKept[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		jobs := []scene.ID{"job-1", "", "job-2"}
		for n, job := range jobs {
			b.update(t, func(ctx context.Context, tx store.Tx) error {
				row := s.row(1)
				p := s.part(&row)
				p.Revision, p.Name = n, fmt.Sprint("名称", n+1)
				p.Fields = []string{fmt.Sprint("field", n)}
				marked := tx.ForImport(job)
				if err := s.puts(ctx, marked, row); err != nil {
					return err
				}
				return put(ctx, tx, organisation(n)) // the mark is on one Tx only
			})
		}
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			revisions, err := s.table(tx).Revisions(ctx, "row-0001")
			if err != nil || len(revisions) != len(jobs) {
				t.Fatalf("%d revisions, %v", len(revisions), err)
			}
			for i, r := range revisions { // newest first
				n := len(jobs) - i
				p := s.part(&r.Row)
				if r.Number != n || p.Revision != n || p.Name != fmt.Sprint("名称", n) || r.Import != jobs[n-1] || !r.At.Equal(kept()) {
					t.Errorf("revision %d: %+v", n, r)
				}
			}
			organisations, err := tx.Organisations().Revisions(ctx, "org-0000")
			if err != nil {
				return err
			}
			if len(organisations) != 1 || organisations[0].Import != "" || organisations[0].Number != 1 {
				t.Errorf("revisions of an organisation: %+v", organisations)
			}
			for n, want := range []int{0, 0, 1} { // only the present content is filtered by
				if got, err := s.table(tx).Count(ctx, store.ListingFilter{Field: fmt.Sprint("field", n)}); got != want || err != nil {
					t.Errorf("rows of field%d: %d, %v", n, got, err)
				}
			}
			none, err := s.table(tx).Revisions(ctx, "nobody")
			expectSame(t, "revisions of no row", len(none), 0)
			return err
		})
	}
}

func identityUnique[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		named, coded := s.row(1), s.row(2)
		s.part(&coded).Code, s.part(&coded).Source = "A-1", "名单"
		b.update(t, func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, named, coded) })
		twin := func(change func(*scene.Listing)) error {
			row := s.row(9)
			change(s.part(&row))
			return b.try(t, func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, row) })
		}
		expectCode(t, "the same name", twin(func(l *scene.Listing) { l.Name = "名 称１" }), scene.Conflict)
		expectCode(t, "the same code", twin(func(l *scene.Listing) { l.Code, l.Source = "A-1", "名单" }), scene.Conflict)
		if err := twin(func(l *scene.Listing) { l.Code, l.Source = "A-1", "别的名单" }); err != nil {
			t.Errorf("the code of another list: %v", err)
		}
		err := b.try(t, func(ctx context.Context, tx store.Tx) error {
			row := coded
			s.part(&row).Revision, s.part(&row).Code = 1, ""
			s.part(&row).Name = "名称1"
			return s.puts(ctx, tx, row)
		})
		expectCode(t, "an edit that takes another's identity", err, scene.Conflict)
		err = b.try(t, func(ctx context.Context, tx store.Tx) error {
			one, two := s.row(21), s.row(22)
			s.part(&two).Name = s.part(&one).Name
			return s.puts(ctx, tx, one, two)
		})
		expectCode(t, "twins in one call", err, scene.Conflict)
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			rows, err := s.table(tx).FindMany(ctx, []string{
				s.part(&named).IdentityKey(s.kind), s.part(&coded).IdentityKey(s.kind), "", "nothing", s.part(&named).IdentityKey(s.kind),
			})
			got := s.ids(rows)
			slices.Sort(got)
			expectSame(t, "FindMany", got, []scene.ID{"row-0001", "row-0002"})
			if err != nil {
				return err
			}
			key := scene.NameKey(s.part(&named).Name)
			rows, err = s.table(tx).FindNamed(ctx, []string{key, "", "nothing", key})
			for i := range rows {
				if got := scene.NameKey(s.part(&rows[i]).Name); got != key {
					t.Errorf("FindNamed returned %q, want %q", got, key)
				}
			}
			expectSame(t, "FindNamed finds something", len(rows) > 0, true)
			return err
		})
	}
}

func manyRows[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		const count = 1203 // more than any bound on one statement
		var rows []T
		var all []scene.ID
		var identities []string
		for n := range count {
			row := s.row(n)
			s.part(&row).Fields = []string{"a", "b", fmt.Sprint(n % 7)}
			rows = append(rows, row)
			all = append(all, s.part(&row).ID)
			identities = append(identities, s.part(&row).IdentityKey(s.kind))
		}
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			got, err := s.table(tx).PutMany(ctx, rows)
			for i := range got {
				want := rows[i]
				s.trim(&want)
				s.part(&want).Revision = 1
				if diff := cmp.Diff(want, got[i]); diff != "" {
					t.Fatalf("row %d (-want +got):\n%s", i, diff)
				}
			}
			return err
		})
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := s.table(tx).GetMany(ctx, all)
			expectSame(t, "rows by id", len(got), count)
			if err != nil {
				return err
			}
			found, err := s.table(tx).FindMany(ctx, identities)
			expectSame(t, "rows by identity", len(found), count)
			if err != nil {
				return err
			}
			n, err := s.table(tx).Count(ctx, store.ListingFilter{Field: "b"})
			expectSame(t, "rows of a field", n, count)
			return err
		})
	}
}

// manyInOrder mixes new and old rows in one call, where a later row takes the
// identity that an earlier one gives up.
func manyInOrder[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.update(t, func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, s.row(1)) })
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			old, heir, last := s.row(1), s.row(2), s.row(3)
			s.part(&old).Revision, s.part(&old).Name = 1, "改名"
			s.part(&heir).Name = "名称1"
			got, err := s.table(tx).PutMany(ctx, []T{old, heir, last})
			expectSame(t, "rows", s.ids(got), []scene.ID{"row-0001", "row-0002", "row-0003"})
			if err == nil && (s.part(&got[0]).Revision != 2 || s.part(&got[2]).Revision != 1) {
				t.Errorf("revisions %d and %d", s.part(&got[0]).Revision, s.part(&got[2]).Revision)
			}
			return err
		})
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			got, err := s.table(tx).PutMany(ctx, nil)
			expectSame(t, "rows of an empty call", len(got), 0)
			return err
		})
	}
}
