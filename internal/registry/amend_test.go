package registry_test

import (
	"slices"
	"strings"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// notices returns the message keys in an inbox, with the reasons they give.
func (b *bundle) notices(account scene.ID) (told []string) {
	b.Helper()
	err := b.store.View(b.Context(), func(tx store.Tx) error {
		rows, err := tx.Notices().List(b.Context(), store.NoticeFilter{Account: account}, store.Page{})
		for _, n := range rows.Items {
			reason, _ := n.Args["reason"].(string)
			told = append(told, strings.TrimSpace(n.Key+" "+reason))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return told
}

// TestAmend: what the centre writes of others is told to them with the reason, and
// their history shows what it changed.
func TestAmend(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	b.update(func(tx store.Tx) error {
		_, err := tx.Accounts().Put(t.Context(), scene.Account{ID: "zhang", Login: "zhang", OrgID: "org-a", Roles: []scene.Role{scene.RoleProvider}, State: scene.AccountActive})
		return err
	})
	e := b.published("声学监测")
	next := e.Copy()
	next.Capability.Description = "分布式光纤声学监测系统，单机覆盖五十公里管线，已运行四年。"
	next.Listing().Contact = scene.Contact{Person: "别人"}
	saved, err := b.Amend(t.Context(), steward(), next, " 按来电更正 ")
	if err != nil {
		t.Fatal(err)
	}
	if saved.Listing().Contact != e.Listing().Contact || saved.Listing().State != scene.Published {
		t.Error("the contact or the state changed as well")
	}
	if told := b.notices("zhang"); !slices.Contains(told, "notice.review.amended.why 按来电更正") {
		t.Errorf("told: %v", told)
	}
	steps, err := b.Steps(t.Context(), provider(), e.Kind(), e.Listing().ID)
	if err != nil {
		t.Fatal(err)
	}
	last := steps[len(steps)-1]
	if last.Wrote != saved.Listing().Revision || last.Reason != "按来电更正" || last.Name != "li" {
		t.Errorf("the history says %+v", last)
	}
	contents, err := b.Contents(t.Context(), provider(), e.Kind(), e.Listing().ID)
	if err != nil || contents[0].Capability.Description != next.Capability.Description || contents[1].Capability.Description != e.Capability.Description {
		t.Errorf("contents %v, %v", len(contents), err)
	}
	if actions := b.audited(e.Listing().ID); actions[0] != "listing.edit" {
		t.Errorf("record: %v", actions)
	}
}

func TestAmendRefuses(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	public := b.published("声学监测")
	waiting, err := b.Submit(t.Context(), provider(), at(b.create(ready("待审")), "", ""))
	for _, to := range []scene.State{scene.FormalReview, scene.DepartmentReview} {
		if err == nil {
			waiting, err = b.Review(t.Context(), steward(), at(waiting, to, ""))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	with := func(e registry.Entry, change func(*scene.Capability)) registry.Entry {
		e = e.Copy()
		change(e.Capability)
		return e
	}
	for name, tt := range map[string]struct {
		by     scene.Actor
		e      registry.Entry
		reason string
		key    string
	}{
		"NoReason":   {steward(), public, " ", "listing.reason_missing"},
		"Owner":      {provider(), public, "改", "permission.role"},
		"Auditor":    {scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleAuditor}}, public, "改", "permission.role"},
		"Department": {steward(), waiting, "改", "permission.state"},
		"Blank":      {steward(), with(public, func(c *scene.Capability) { c.Description = "短" }), "改", "listing.not_ready"},
		"NoFields":   {steward(), with(public, func(c *scene.Capability) { c.Fields = nil }), "改", "listing.not_ready"},
		"Stale":      {steward(), with(public, func(c *scene.Capability) { c.Revision-- }), "改", "store.stale"},
	} {
		_, err := b.Amend(t.Context(), tt.by, tt.e, tt.reason)
		wantKey(t, name, err, tt.key)
	}
}

// TestAmendImported: an entry that came in without all that is asked for here can
// be put right field by field.
func TestAmendImported(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imports(registry.ImportOptions{Source: "名单"}, scene.Row{
		Label: "1", Org: scene.Organisation{Name: "甲公司"},
		Opportunity: &scene.Opportunity{Listing: scene.Listing{Name: "隧道监测", OrgName: "甲公司"}, Need: "渗漏"},
	})
	o := b.needs()[0]
	o.Fields = []string{"smart_water"}
	saved, err := b.Amend(t.Context(), steward(), registry.Entry{Opportunity: &o}, "补充领域")
	if err != nil {
		t.Fatal(err)
	}
	o = *saved.Opportunity
	o.Fields = nil
	_, err = b.Amend(t.Context(), steward(), registry.Entry{Opportunity: &o}, "改回")
	wantKey(t, "a field that was there is taken away", err, "listing.not_ready")
}

// TestForeignStays: an entry of another city is changed by none of the tasks, and
// by no form.
func TestForeignStays(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	origin := &scene.Origin{Site: "https://b.example", Name: "乙市", ID: "x"}
	c := scene.Capability{Listing: scene.Listing{
		ID: origin.LocalID(scene.KindCapability), Name: "外地能力", OrgName: "外地公司", State: scene.Published, Source: scene.SourceOf(origin.Site), Origin: origin,
	}, Description: "分布式光纤声学监测系统，单机覆盖四十公里管线。"}
	if _, err := b.TakeForeign(t.Context(), steward(), origin.Site, []registry.Entry{{Capability: &c}}); err != nil {
		t.Fatal(err)
	}
	e, err := b.Entry(t.Context(), steward(), scene.KindCapability, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	batch := b.issue("第9批", e.Listing().Updated.AddDate(0, 1, 0))
	for _, o := range []registry.Order{
		{Task: registry.TaskBatch, Batch: batch.ID},
		{Task: registry.TaskField, Value: "ai"},
		{Task: registry.TaskRegion, Value: "320200"},
		{Task: registry.TaskPause},
		{Task: registry.TaskArchive, Reason: "撤"},
	} {
		o.Entries = []registry.Step{at(e, "", "")}
		results, err := b.Bulk(t.Context(), steward(), o)
		if err != nil {
			t.Fatal(err)
		}
		wantKey(t, string(o.Task), results[0].Err, "permission.foreign")
	}
	wantKey(t, "batch", b.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{{Kind: e.Kind(), ID: c.ID}}), "permission.foreign")
	_, err = b.Amend(t.Context(), steward(), e, "改")
	wantKey(t, "form", err, "permission.foreign")
	if now, err := b.Entry(t.Context(), steward(), scene.KindCapability, c.ID); err != nil || now.Listing().Revision != e.Listing().Revision {
		t.Errorf("it is at revision %d, %v", now.Listing().Revision, err)
	}
}
