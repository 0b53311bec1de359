package convene_test

import (
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestChosenIsAway: a draft whose chosen delegate said meanwhile that he is not there is
// not published, and the record names the meeting for which he was chosen.
func TestChosenIsAway(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	d := h.draft(f.ID)
	seat, _ := fellows(t, d, ann, ben, p[0].ID)
	if err := h.Choose(ctx, steward(), f.ID, seat.ID, p[0].ID, ann, false); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	team, err := h.Party(ctx, steward(), p[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	who, _ := team.Delegate(ann)
	if _, err := h.AwayAsGuest(ctx, who.Code, "", []string{seat.Slot}); err != nil {
		t.Fatal(err)
	}
	_, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with a delegate who is away", err, scene.Precondition, "fair.draft_stale")
	if text := told(err); !strings.Contains(text, who.Name) {
		t.Errorf("it is not told who: %s", text)
	}
	note := ""
	err = h.rows.View(ctx, func(tx store.Tx) error {
		list, err := tx.Audit().List(ctx, store.AuditFilter{Action: "fair.goes"}, store.Page{Limit: 5})
		if err == nil && len(list.Items) > 0 {
			note = list.Items[0].Note
		}
		return err
	})
	if err != nil || !strings.Contains(note, team.Name) || !strings.Contains(note, who.Name) {
		t.Errorf("the record says %q, %v", note, err)
	}
}
