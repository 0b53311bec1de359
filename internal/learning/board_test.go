package learning_test

import (
	"context"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func boardSteward() scene.Actor {
	return scene.Actor{ID: "li", Name: "li", Roles: []scene.Role{scene.RoleSteward}}
}

// TestDecide: a mark made at the board stands on both sides, with a line in the
// record of each, and goes again.
func TestDecide(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, step := range []struct {
		kind   scene.MarkKind
		reason string
	}{{scene.Pinned, "上次合作顺利"}, {scene.Excluded, "已流标两次"}} {
		if err := b.Decide(t.Context(), boardSteward(), "need0", "offer1", step.kind, " "+step.reason+" "); err != nil {
			t.Fatal(err)
		}
		for kind, ids := range map[scene.Kind][2]scene.ID{scene.KindOpportunity: {"need0", "offer1"}, scene.KindCapability: {"offer1", "need0"}} {
			marks, err := b.MarksOf(t.Context(), boardSteward(), kind, ids[0])
			if m := marks[ids[1]]; err != nil || len(marks) != 1 || m.Kind != step.kind || m.Reason != step.reason || m.Actor != "li" {
				t.Errorf("%s: %+v, %v", kind, marks, err)
			}
		}
	}
	if err := b.Decide(t.Context(), boardSteward(), "need0", "offer1", "", ""); err != nil {
		t.Fatal(err)
	}
	if marks, err := b.MarksOf(t.Context(), boardSteward(), scene.KindOpportunity, "need0"); err != nil || len(marks) != 0 {
		t.Errorf("%+v is left, %v", marks, err)
	}
	for _, row := range []scene.ID{"need0", "offer1"} {
		var actions []string
		err := b.store.View(t.Context(), func(tx store.Tx) error {
			lines, err := tx.Audit().List(t.Context(), store.AuditFilter{Row: row}, store.Page{})
			for _, l := range lines.Items {
				actions = append(actions, l.Action)
			}
			return err
		})
		if err != nil || len(actions) != 3 || actions[0] != "pair.unmarked" || actions[1] != "pair.excluded" || actions[2] != "pair.pinned" {
			t.Errorf("record of %s: %v, %v", row, actions, err)
		}
	}
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	auditor := scene.Actor{ID: "a", Roles: []scene.Role{scene.RoleAuditor}}
	for name, tc := range map[string]struct {
		by          scene.Actor
		need, offer scene.ID
		kind        scene.MarkKind
		want        scene.Code
	}{
		"Auditor":       {auditor, "need0", "offer0", scene.Pinned, scene.Forbidden},
		"Visitor":       {scene.Actor{}, "need0", "offer0", scene.Pinned, scene.Unauthorized},
		"UnknownNeed":   {boardSteward(), "none", "offer0", scene.Pinned, scene.NotFound},
		"UnknownOffer":  {boardSteward(), "need0", "none", scene.Pinned, scene.NotFound},
		"UnknownKind":   {boardSteward(), "need0", "offer0", "liked", scene.Invalid},
		"WithoutReason": {boardSteward(), "need0", "offer0", scene.Excluded, scene.Invalid},
	} {
		if err := b.Decide(t.Context(), tc.by, tc.need, tc.offer, tc.kind, "  "); scene.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	if _, err := b.MarksOf(context.Background(), auditor, scene.KindOpportunity, "need0"); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("marks for an auditor: %v", err)
	}
}
