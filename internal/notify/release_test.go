package notify_test

import (
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// relay hands what is in the outbox to the service, as the bus would, and
// returns the subjects with their rows.
func (d *desk) relay() (got []string) {
	d.t.Helper()
	for {
		events, err := d.rows.Outbox().Pending(d.t.Context(), store.MaxPage)
		if err != nil {
			d.t.Fatal(err)
		}
		if len(events) == 0 {
			return got
		}
		ids := make([]scene.ID, len(events))
		for i, e := range events {
			ids[i] = e.ID
			for _, row := range e.IDs {
				got = append(got, e.Subject+" "+string(row))
			}
			if err := d.Handle(d.t.Context(), e); err != nil {
				d.t.Fatal(err)
			}
		}
		if err := d.rows.Outbox().Sent(d.t.Context(), ids); err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestRelease: the end of an embargo is announced once, to the organisation that
// could not know of the entry and to the one whose it is; what was released
// before anybody looked is no news.
func TestRelease(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	release := func() {
		t.Helper()
		if err := d.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	release() // an empty city: nothing is written
	d.update(func(tx store.Tx) error {
		if raw, err := tx.Settings().Get(t.Context(), "notify.released"); err != nil || raw != nil {
			t.Errorf("an empty city has a mark: %q, %v", raw, err)
		}
		return nil
	})
	by := d.person("one", "")
	d.hook(by)
	later := d.now.Add(time.Hour)
	d.update(func(tx store.Tx) error {
		_, err := tx.Capabilities().PutMany(t.Context(), []scene.Capability{
			{Listing: scene.Listing{ID: "old", Name: "甲", State: scene.Published, ValidFrom: d.now.Add(-time.Hour)}},
			{Listing: scene.Listing{ID: "coming", Name: "乙", State: scene.Published, ValidFrom: later}},
			{Listing: scene.Listing{ID: "paused", Name: "丙", State: scene.Paused, ValidFrom: later}},
		})
		if err == nil {
			_, err = tx.Opportunities().Put(t.Context(), scene.Opportunity{Listing: scene.Listing{ID: "need", Name: "丁", State: scene.Published, ValidFrom: later}})
		}
		return err
	})
	release()
	d.now = d.now.Add(59 * time.Minute)
	release()
	if got := d.relay(); len(got) > 0 {
		t.Errorf("announced before: %v", got)
	}
	d.now = d.now.Add(2 * time.Minute)
	release()
	release()
	if got := d.relay(); len(got) != 2 || got[0] != "opportunity.changed need" || got[1] != "capability.changed coming" {
		t.Errorf("announced: %v", got)
	}
	d.send(1)
	e, err := bus.DecodeEvent(d.away.sent[0].Body)
	if err != nil || e.Subject != scene.CapabilityChanged || len(e.IDs) != 1 || e.IDs[0] != "coming" || e.Actor != "" {
		t.Errorf("told: %+v, %v", e, err)
	}
	d.now = d.now.Add(time.Hour)
	release()
	if got := d.relay(); len(got) > 0 {
		t.Errorf("announced again: %v", got)
	}
}

// TestOwnerMoved: a receiver whose owner went to another organisation hears
// nothing more, of either; colleagues are told once, and one of them takes it over.
func TestOwnerMoved(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*scene.Account){
		"Moved":    func(a *scene.Account) { a.OrgID = "other" },
		"Disabled": func(a *scene.Account) { a.State = scene.AccountDisabled },
		"Role":     func(a *scene.Account) { a.Roles, a.OrgID = []scene.Role{scene.RoleAuditor}, "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			by, colleague := d.person("one", ""), d.person("two", "")
			w, _ := d.hook(by, func(w *scene.Webhook) { w.Subjects, w.Notices = []string{scene.OrganisationChanged}, true })
			d.update(func(tx store.Tx) error {
				if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "other", Name: "另一家"}); err != nil {
					return err
				}
				a, err := tx.Accounts().Get(t.Context(), "one")
				if err != nil {
					return err
				}
				leave(&a)
				_, err = tx.Accounts().Put(t.Context(), a)
				return err
			})
			d.tell("one", scene.NoticeEngagement, "新单位的事")
			if _, err := d.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, log, err := d.Hook(t.Context(), colleague, w.ID, store.Page{}); err != nil || len(log.Items) != 0 {
				t.Fatalf("what he is told elsewhere: %+v, %v", log.Items, err)
			}
			if err := d.Handle(t.Context(), scene.Event{ID: "e", Subject: scene.OrganisationChanged, IDs: []scene.ID{"org"}, Time: d.now}); err != nil {
				t.Fatal(err)
			}
			d.send(0)
			d.send(0)
			got, _, err := d.Hook(t.Context(), colleague, w.ID, store.Page{})
			if err != nil || got.State != scene.HookDisabled || len(d.away.sent) != 0 {
				t.Fatalf("%d were sent, and it is %+v, %v", len(d.away.sent), got, err)
			}
			if n, err := d.Unread(t.Context(), "two"); n != 1 || err != nil {
				t.Errorf("the colleague was told %d times, %v", n, err)
			}
			staff := d.person("staff", "", scene.RoleSteward)
			if err := d.SwitchHook(t.Context(), staff, w.ID, true); scene.CodeOf(err) != scene.Precondition {
				t.Errorf("somebody of elsewhere takes it over: %v", err)
			}
			if err := d.SwitchHook(t.Context(), colleague, w.ID, true); err != nil {
				t.Fatal(err)
			}
			d.now = d.now.Add(2 * time.Hour)
			d.send(1)
			if got, _, err = d.Hook(t.Context(), colleague, w.ID, store.Page{}); err != nil || got.Account != "two" {
				t.Errorf("whose it is now: %+v, %v", got, err)
			}
		})
	}
}
