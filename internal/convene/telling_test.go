package convene_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// people gives organisations an account each, called “of-” and its id.
func (h *hall) people(parties []scene.FairParty) {
	h.t.Helper()
	err := h.rows.Update(h.t.Context(), func(tx store.Tx) error {
		for i := range parties {
			org := parties[i].OrgID
			a := scene.Account{
				ID: "of-" + org, Login: string(org) + "@example.com", Name: "联系人", OrgID: org, State: scene.AccountActive,
				Roles: []scene.Role{scene.RoleProvider}, Created: h.now(), Updated: h.now(),
				Consents: []scene.Consent{{Document: "terms", Version: "1", At: h.now()}},
			}
			if _, err := tx.Accounts().Put(h.t.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// inboxes is what every account was told, by account, in the order it was written.
func (h *hall) inboxes() map[scene.ID][]scene.Notice {
	h.t.Helper()
	told := map[scene.ID][]scene.Notice{}
	err := h.rows.View(h.t.Context(), func(tx store.Tx) error {
		rows, err := tx.Notices().List(h.t.Context(), store.NoticeFilter{}, store.Page{Limit: store.MaxPage})
		for _, n := range slices.Backward(rows.Items) {
			told[n.Account] = append(told[n.Account], n)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return told
}

// TestPublishTellsOnlyTheAffected: the first version tells everybody who meets
// somebody, the next those whose meetings it changes, in both languages, and a
// draft that was not published nobody.
func TestPublishTellsOnlyTheAffected(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 5)
	h.people(p)
	guest := h.guests(f.ID, 1)[0]
	h.wish(p[0], scene.WishWant, p[1], guest)
	h.wish(p[2], scene.WishWant, p[3])
	h.draft(f.ID)
	if told := h.inboxes(); len(told) != 0 {
		t.Fatalf("a draft told %v", told)
	}
	h.plan(f.ID)
	first := h.inboxes()
	if who := slices.Sorted(maps.Keys(first)); !slices.Equal(who, []scene.ID{"of-org0", "of-org1", "of-org2", "of-org3"}) {
		t.Fatalf("the first version told %v", who)
	}
	n := first["of-org0"][0]
	if n.Kind != scene.NoticeMeeting || n.Path != "/workspace/events/"+string(f.ID) {
		t.Errorf("told of %s, leading to %s", n.Kind, n.Path)
	}
	for lang, want := range map[locale.Lang]string{locale.Zh: "贵单位有 2 场会谈", locale.En: "Meetings for you: 2."} {
		if text := locale.Notice(lang, &n); !strings.Contains(text, want) || !strings.Contains(text, f.Title) {
			t.Errorf("%s: %s", lang, text)
		}
	}

	if _, err := h.Decide(ctx, steward(), p[3].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || d == nil {
		t.Fatalf("no draft: %v", err)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	second := h.inboxes()
	for i := range p {
		who := "of-" + p[i].OrgID
		want := len(first[who])
		switch i {
		case 2:
			want = 2
		case 3:
			want = 3 // that it left, too
		}
		if len(second[who]) != want {
			t.Errorf("%s has %d notices, want %d", who, len(second[who]), want)
		}
	}
	if text := locale.Notice(locale.Zh, &second["of-org2"][1]); !strings.Contains(text, "第 2 版") || !strings.Contains(text, "1 场会谈") {
		t.Errorf("the second version told: %s", text)
	}
}
