package registry_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// morning is before everything that a test does with its clock.
func morning() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }

// noon is after it.
func noon() time.Time { return morning().Add(4 * time.Hour) }

// publish makes an entry that is on the market since now.
func (b *bundle) publish(name string) registry.Entry {
	b.Helper()
	e := ready(name)
	l := e.Listing()
	l.ID, l.OrgID, l.OrgName, l.State = scene.ID("of "+name), "org-a", "甲公司", scene.Published
	l.ValidFrom, l.Created, l.Updated = morning(), morning(), morning()
	b.update(func(tx store.Tx) error {
		c, err := tx.Capabilities().Put(b.Context(), *e.Capability)
		e.Capability = &c
		return err
	})
	return e
}

func ref(e registry.Entry) registry.Ref { return registry.Ref{Kind: e.Kind(), ID: e.Listing().ID} }

func (b *bundle) stored(e registry.Entry) *scene.Listing {
	b.Helper()
	c, err := b.Capability(b.Context(), e.Listing().ID)
	if err != nil {
		b.Fatal(err)
	}
	return &c.Listing
}

func (b *bundle) batch(name string, release time.Time) scene.Batch {
	b.Helper()
	made, err := b.SaveBatch(b.Context(), steward(), scene.Batch{Name: name, Release: release})
	if err != nil {
		b.Fatal(err)
	}
	return made
}

// TestEmbargo follows an entry that was public into a batch that goes out later.
func TestEmbargo(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	release := noon().Add(48 * time.Hour)
	batch, e := b.batch("2026年第三批", release), b.publish("管网漏损定位")
	if err := b.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e)}); err != nil {
		t.Fatal(err)
	}
	l := b.stored(e)
	if l.Batch != batch.Name || l.Public(release.Add(-time.Microsecond)) || !l.Public(release) {
		t.Errorf("batch %q, from %v: want public from %v on", l.Batch, l.ValidFrom, release)
	}
	batch.Release = release.Add(24 * time.Hour)
	batch, err := b.SaveBatch(t.Context(), steward(), batch)
	if err != nil {
		t.Fatal(err)
	}
	if l = b.stored(e); !l.ValidFrom.Equal(batch.Release) {
		t.Errorf("a batch that is put off leaves its entry at %v", l.ValidFrom)
	}
	batch.Release = release.Add(-24 * time.Hour)
	if batch, err = b.SaveBatch(t.Context(), steward(), batch); err != nil {
		t.Fatal(err)
	}
	if l = b.stored(e); !l.ValidFrom.Equal(batch.Release) {
		t.Errorf("a batch that is brought forward leaves its entry at %v", l.ValidFrom)
	}
	if err := b.TakeFromBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e)}); err != nil {
		t.Fatal(err)
	}
	if l = b.stored(e); l.Batch != "" || l.Public(noon()) {
		t.Errorf("an entry came to light by being taken out: %+v", l)
	}
}

// TestBatchWrittenOtherwise: an entry whose list writes the name of its batch with
// other widths and blanks is of it all the same: it waits, moves and is taken out with it.
func TestBatchWrittenOtherwise(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	release := noon().Add(48 * time.Hour)
	e := b.publish("管网漏损定位")
	b.update(func(tx store.Tx) error {
		c := *e.Capability
		c.Batch = " ２０２６年 第三批"
		_, err := tx.Capabilities().Put(t.Context(), c)
		return err
	})
	batch := b.batch("2026年第三批", release)
	if l := b.stored(e); l.Public(release.Add(-time.Microsecond)) {
		t.Errorf("public before its batch: from %v", l.ValidFrom)
	}
	list, err := b.InBatch(t.Context(), steward(), batch.ID)
	if err != nil || len(list) != 1 {
		t.Errorf("in the batch: %v, %v", list, err)
	}
	batch.Release = release.Add(24 * time.Hour)
	if batch, err = b.SaveBatch(t.Context(), steward(), batch); err != nil || !b.stored(e).ValidFrom.Equal(batch.Release) {
		t.Errorf("put off: %v, %v", b.stored(e).ValidFrom, err)
	}
	if err := b.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e)}); err != nil || b.stored(e).Batch != batch.Name {
		t.Errorf("added where it is: %q, %v", b.stored(e).Batch, err)
	}
	if err := b.TakeFromBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e)}); err != nil || b.stored(e).Batch != "" {
		t.Errorf("taken out: %q, %v", b.stored(e).Batch, err)
	}
}

// TestEmbargoOfWriters: whoever writes an entry of a batch to come, it stays hidden.
func TestEmbargoOfWriters(t *testing.T) {
	t.Parallel()
	release := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	t.Run("Approval", func(t *testing.T) {
		t.Parallel()
		b := workshop(t)
		batch, e := b.batch("第三批", release), b.create(ready("管网漏损定位"))
		e, err := b.Submit(t.Context(), provider(), at(e, scene.Submitted, ""))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e)}); err != nil {
			t.Fatal(err)
		}
		for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview, scene.Published} {
			e.Listing().Revision = b.stored(e).Revision
			if e, err = b.Review(t.Context(), steward(), at(e, to, "")); err != nil {
				t.Fatal(err)
			}
		}
		if l := b.stored(e); l.State != scene.Published || !l.ValidFrom.Equal(release) {
			t.Errorf("approved: %s from %v", l.State, l.ValidFrom)
		}
	})
	t.Run("Import", func(t *testing.T) {
		t.Parallel()
		b := workshop(t)
		batch := b.batch("第三批", release)
		row := scene.Row{Label: "1", Org: scene.Organisation{Name: "甲公司"}, Capability: ready("管网漏损定位").Capability}
		row.Capability.OrgName, row.Capability.ValidFrom = "甲公司", morning()
		o := registry.ImportOptions{File: "a.xlsx", Source: "list", Batch: batch.Name, State: scene.Published}
		report, err := b.Import(t.Context(), []scene.Row{row}, o)
		if err != nil {
			t.Fatal(err)
		}
		e := registry.Entry{Capability: &scene.Capability{Listing: scene.Listing{ID: report.Rows[0].ID}}}
		if l := b.stored(e); l.Batch != batch.Name || !l.ValidFrom.Equal(release) {
			t.Errorf("imported: %q from %v", l.Batch, l.ValidFrom)
		}
		o.Batch = "第九批"
		if report, err = b.Import(t.Context(), []scene.Row{row}, o); err != nil || report.Job.Count.Unchanged != 1 {
			t.Errorf("a list moves an entry out of a batch to come: %+v, %v", report.Job.Count, err)
		}
	})
	t.Run("Spelling", func(t *testing.T) {
		t.Parallel()
		b := workshop(t)
		batch := b.batch("2027年第三批", release)
		row := scene.Row{Label: "1", Org: scene.Organisation{Name: "甲公司"}, Capability: ready("管网漏损定位").Capability}
		row.Capability.OrgName, row.Capability.ValidFrom = "甲公司", morning()
		for _, name := range []string{"２０２７年 第三批", "2027年第三批"} {
			o := registry.ImportOptions{File: "a.xlsx", Source: "list", Batch: name, State: scene.Published}
			report, err := b.Import(t.Context(), []scene.Row{row}, o)
			if err != nil {
				t.Fatal(err)
			}
			e := registry.Entry{Capability: &scene.Capability{Listing: scene.Listing{ID: report.Rows[0].ID}}}
			if l := b.stored(e); l.Batch != batch.Name || !l.ValidFrom.Equal(release) {
				t.Errorf("imported as %q: %q from %v", name, l.Batch, l.ValidFrom)
			}
		}
	})
	t.Run("Label", func(t *testing.T) {
		t.Parallel()
		b := workshop(t)
		e := b.publish("管网漏损定位")
		e.Listing().Batch = "第三批"
		b.update(func(tx store.Tx) error { _, err := tx.Capabilities().Put(t.Context(), *e.Capability); return err })
		b.batch("第三批", release)
		if l := b.stored(e); l.Public(noon()) {
			t.Error("an entry that has the name of a batch to come is public")
		}
	})
}

func TestBatchRules(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	out, next := b.batch("第一批", morning()), b.batch("第二批", noon())
	e, brief := b.publish("管网漏损定位"), b.publish("短期的")
	b.update(func(tx store.Tx) error {
		brief.Listing().ValidTo = noon().Add(-time.Minute)
		_, err := tx.Capabilities().Put(t.Context(), *brief.Capability)
		return err
	})
	if err := b.AddToBatch(t.Context(), steward(), out.ID, []registry.Ref{ref(e)}); err != nil {
		t.Fatal(err)
	}
	if l := b.stored(e); !l.Public(noon()) || l.Batch != out.Name {
		t.Error("a batch that is out hides its entry")
	}
	save := func(b scene.Batch, change func(*scene.Batch)) scene.Batch { change(&b); return b }
	add := func(b *bundle, batch scene.ID, e registry.Entry) error {
		return b.AddToBatch(t.Context(), steward(), batch, []registry.Ref{ref(e)})
	}
	for name, tt := range map[string]struct {
		do   func() error
		want scene.Code
	}{
		"Twice": {func() error { return add(b, out.ID, e) }, ""},
		"Other": {func() error { return add(b, next.ID, e) }, scene.Conflict},
		"Brief": {func() error { return add(b, next.ID, brief) }, scene.Precondition},
		"Gone":  {func() error { return add(b, "none", e) }, scene.NotFound},
		"Late": {func() error {
			_, err := b.SaveBatch(t.Context(), steward(), save(out, func(x *scene.Batch) { x.Release = noon() }))
			return err
		}, scene.Precondition},
		"Renamed": {func() error {
			_, err := b.SaveBatch(t.Context(), steward(), save(out, func(x *scene.Batch) { x.Name = "首批" }))
			return err
		}, scene.Precondition},
		"Nameless": {func() error {
			_, err := b.SaveBatch(t.Context(), steward(), scene.Batch{Release: noon()})
			return err
		}, scene.Invalid},
		"Provider": {func() error {
			_, err := b.SaveBatch(t.Context(), provider(), scene.Batch{Name: "x", Release: noon()})
			return err
		}, scene.Forbidden},
	} {
		if err := tt.do(); scene.CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	all, err := b.Batches(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != next.ID {
		t.Errorf("batches: %+v, %v", all, err)
	}
	waiting, err := b.ForBatch(t.Context(), steward())
	if err != nil || len(waiting) != 1 || waiting[0].Listing().ID != brief.Listing().ID {
		t.Errorf("for a batch: %d, %v", len(waiting), err)
	}
	inside, err := b.InBatch(t.Context(), steward(), out.ID)
	if err != nil || len(inside) != 1 {
		t.Errorf("in the batch: %d, %v", len(inside), err)
	}
}

func TestShowcases(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	good := scene.Showcase{Name: "积水点治理", Owner: "甲公司", Provider: "乙公司", Scenario: "下穿通道积水", State: scene.Published, Since: "2026-03"}
	made, err := b.SaveShowcase(t.Context(), steward(), good)
	if err != nil || made.ID == "" || made.Revision != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	for name, tt := range map[string]struct {
		by     scene.Actor
		change func(*scene.Showcase)
		want   scene.Code
	}{
		"OK":       {steward(), func(s *scene.Showcase) { s.Plate = "市级示范" }, ""},
		"Month":    {steward(), func(s *scene.Showcase) { s.Since = "2026年3月" }, scene.Invalid},
		"Nameless": {steward(), func(s *scene.Showcase) { s.Name = " " }, scene.Invalid},
		"Figure":   {steward(), func(s *scene.Showcase) { s.Figures = []scene.Figure{{Name: "时间"}} }, scene.Invalid},
		"NoEntry":  {steward(), func(s *scene.Showcase) { s.Opportunity = "none" }, scene.Invalid},
		"Provider": {provider(), func(*scene.Showcase) {}, scene.Forbidden},
	} {
		s := good
		tt.change(&s)
		if _, err := b.SaveShowcase(t.Context(), tt.by, s); scene.CodeOf(err) != tt.want {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	made.State = scene.Draft
	if _, err := b.SaveShowcase(t.Context(), steward(), made); err != nil {
		t.Fatal(err)
	}
	public, err := b.Showcases(t.Context(), scene.Published, store.Page{})
	if err != nil || slices.ContainsFunc(public.Items, func(s scene.Showcase) bool { return s.ID == made.ID }) {
		t.Errorf("a draft is among the published: %v", err)
	}
}
