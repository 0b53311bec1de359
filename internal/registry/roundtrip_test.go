package registry_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/registry"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/transfer"
)

// city imports the sample city and returns the dictionaries it was read with.
func (b *bundle) city() *scene.Dictionaries {
	b.Helper()
	d, err := scene.LoadDictionaries()
	if err != nil {
		b.Fatal(err)
	}
	rows, err := samplecity.Load(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	b.imports(registry.ImportOptions{}, rows...)
	return d
}

// kept returns the listings of one kind, each with its organisation.
func (b *bundle) kept(kind scene.Kind) []scene.Row {
	b.Helper()
	var rows []scene.Row
	if kind == scene.KindOpportunity {
		for _, o := range b.needs() {
			rows = append(rows, scene.Row{Opportunity: &o})
		}
	} else {
		found, err := b.Capabilities(b.Context(), store.ListingFilter{}, store.Page{Limit: 1000})
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range found.Items {
			rows = append(rows, scene.Row{Capability: &c})
		}
	}
	orgs := map[scene.ID]scene.Organisation{}
	for _, o := range b.orgs() {
		orgs[o.ID] = o
	}
	for i := range rows {
		rows[i].Org = orgs[rows[i].Listing().OrgID]
	}
	return rows
}

// export writes rows as a workbook and reads it.
func (b *bundle) export(layout transfer.Layout, rows []scene.Row, d *scene.Dictionaries, full bool) transfer.Document {
	b.Helper()
	var out bytes.Buffer
	_, err := transfer.Write(context.Background(), &out, transfer.XLSX, layout, rows,
		transfer.WriteOptions{Dictionaries: d, FullContacts: full})
	if err != nil {
		b.Fatal(err)
	}
	doc, err := transfer.Read(context.Background(), "a.xlsx", bytes.NewReader(out.Bytes()), int64(out.Len()),
		transfer.ReadOptions{Dictionaries: d, Now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

// A list that was written in whatever layout says nothing new when it comes
// back, with and without contacts.
func TestRoundTripInEveryLayout(t *testing.T) {
	t.Parallel()
	for _, layout := range transfer.Layouts() {
		t.Run(string(layout), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			d := b.city()
			needs, offers, orgs := b.needs(), b.kept(scene.KindCapability), b.orgs()
			for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
				if kind == scene.KindCapability && (layout == transfer.Hebei || layout == transfer.ShenzhenReserve) {
					continue // demand only
				}
				for _, full := range []bool{true, false} {
					rows := b.kept(kind)
					doc := b.export(layout, rows, d, full)
					report := b.imports(registry.ImportOptions{Problems: doc.Problems}, doc.Rows...)
					b.wantTally(report, scene.Tally{Read: len(rows), Unchanged: len(rows)})
				}
			}
			if diff := cmp.Diff(needs, b.needs()); diff != "" {
				t.Errorf("needs changed:\n%.3000s", diff)
			}
			if diff := cmp.Diff(offers, b.kept(scene.KindCapability)); diff != "" {
				t.Errorf("offers changed:\n%.3000s", diff)
			}
			if diff := cmp.Diff(orgs, b.orgs()); diff != "" {
				t.Errorf("organisations changed:\n%.3000s", diff)
			}
		})
	}
}

// A row without an owner does not take the one above it; telephone numbers in
// running text do not leave the house and are not lost when the list returns.
func TestRoundTripOfOddRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	const text = "请致电 13855501234 或 zhang@example.com 了解泵站"
	b.imports(registry.ImportOptions{},
		need(3, "泵站巡检", "水务集团", needText(text), func(o *scene.Opportunity) { o.Extra = map[string]string{"备注": text} }),
		need(4, "无主之地", ""))
	before := b.needs()
	for _, layout := range []transfer.Layout{transfer.Jinghe, transfer.Chongqing, transfer.TechMarket, transfer.Shenzhen} {
		doc := b.export(layout, b.kept(scene.KindOpportunity), d, false)
		for _, row := range doc.Rows {
			if o := row.Opportunity; strings.Contains(o.Need+o.Extra["备注"], "5550") || strings.Contains(o.Need, "zhang@") {
				t.Errorf("%s shows a telephone number or address: %q %q", layout, o.Need, o.Extra)
			}
		}
		b.wantTally(b.imports(registry.ImportOptions{}, doc.Rows...), scene.Tally{Read: 2, Unchanged: 2})
	}
	if diff := cmp.Diff(before, b.needs()); diff != "" {
		t.Errorf("rows changed:\n%s", diff)
	}
}
