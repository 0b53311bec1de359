package registry_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestWithdrawBatch: a batch made by mistake goes with a reason, what was in it is
// free, and nothing comes to light unless it is said.
func TestWithdrawBatch(t *testing.T) {
	t.Parallel()
	release := noon().Add(48 * time.Hour)
	for name, tt := range map[string]struct {
		show bool
	}{"Quietly": {false}, "Shown": {true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := workshop(t)
			batch, e := b.batch("2026年第三批", release), b.publish("管网漏损定位")
			later := b.publish("泵站能耗优化")
			l := later.Capability
			l.ValidFrom = release.Add(time.Hour) // waits for a date of its own
			b.update(func(tx store.Tx) error { _, err := tx.Capabilities().Put(t.Context(), *l); return err })
			if err := b.AddToBatch(t.Context(), steward(), batch.ID, []registry.Ref{ref(e), ref(later)}); err != nil {
				t.Fatal(err)
			}
			w := registry.Withdrawal{Batch: batch.ID, Revision: batch.Revision, Reason: " 名称有误 ", Show: tt.show}
			for what, bad := range map[scene.Code]registry.Withdrawal{
				scene.Invalid:  {Batch: batch.ID, Revision: batch.Revision, Reason: " "},
				scene.Conflict: {Batch: batch.ID, Revision: batch.Revision + 1, Reason: "x"},
				scene.NotFound: {Batch: "none", Reason: "x"},
			} {
				if _, err := b.WithdrawBatch(t.Context(), steward(), bad); scene.CodeOf(err) != what {
					t.Errorf("%+v: %v, want %s", bad, err, what)
				}
			}
			if _, err := b.WithdrawBatch(t.Context(), provider(), w); scene.CodeOf(err) != scene.Forbidden {
				t.Errorf("a provider withdraws: %v", err)
			}
			if was, err := b.WithdrawBatch(t.Context(), steward(), w); err != nil || was.Name != batch.Name {
				t.Fatalf("%+v, %v", was, err)
			}
			if _, err := b.Batch(t.Context(), batch.ID); scene.CodeOf(err) != scene.NotFound {
				t.Errorf("the batch afterwards: %v", err)
			}
			got := b.stored(e)
			if got.Batch != "" || got.Public(got.Updated) != tt.show || !tt.show && !got.ValidFrom.Equal(release) {
				t.Errorf("in batch %q, public from %v", got.Batch, got.ValidFrom)
			}
			if own := b.stored(later); own.Batch != "" || !own.ValidFrom.Equal(release.Add(time.Hour)) {
				t.Errorf("one with a date of its own: batch %q, from %v", own.Batch, own.ValidFrom)
			}
			if lines := b.audited(batch.ID); !slices.Contains(lines, "batch.withdraw") {
				t.Errorf("the record says %v", lines)
			}
			if again := b.batch(batch.Name, release); again.ID == batch.ID {
				t.Error("the name cannot be used again")
			}
		})
	}
}

// TestFreeFromBatch: what leaves a batch to come may be shown at once.
func TestFreeFromBatch(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	batch, e := b.batch("2026年第三批", noon().Add(48*time.Hour)), b.publish("管网漏损定位")
	refs := []registry.Ref{ref(e)}
	if err := b.AddToBatch(t.Context(), steward(), batch.ID, refs); err != nil {
		t.Fatal(err)
	}
	if err := b.FreeFromBatch(t.Context(), steward(), batch.ID, refs); err != nil {
		t.Fatal(err)
	}
	if l := b.stored(e); l.Batch != "" || !l.Public(l.Updated) {
		t.Errorf("in batch %q, public from %v, changed %v", l.Batch, l.ValidFrom, l.Updated)
	}
	if err := b.FreeFromBatch(t.Context(), steward(), batch.ID, refs); err != nil || b.stored(e).Revision != 3 {
		t.Errorf("freed again: %v, revision %d", err, b.stored(e).Revision)
	}
}
