package storetest

import (
	"bytes"
	"context"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func attachmentsKept(t *testing.T, b *bench) {
	first := scene.Attachment{ID: "a1", Noun: "capability", Row: "c1", Name: "检测报告.pdf", Type: "application/pdf", Size: 3, Digest: "x", Actor: "z", Added: kept()}
	second := scene.Attachment{ID: "a2", Noun: "capability", Row: "c1", Name: "b.png", Role: scene.RoleAfter, Alt: "改造后", Width: 4, Height: 2, Added: kept()}
	other := scene.Attachment{ID: "a0", Noun: "opportunity", Row: "c1", Added: kept()}
	content := []byte{0, 1, 0xFF, '\n'}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, a := range []scene.Attachment{second, first, other} {
			if err := tx.Attachments().Add(ctx, a, content); err != nil {
				return err
			}
		}
		return nil
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Attachments().Get(ctx, "a1")
		expectSame(t, "attachment", got, first)
		if err != nil {
			return err
		}
		all, err := tx.Attachments().Of(ctx, "capability", "c1")
		expectSame(t, "attachments of an entry", all, []scene.Attachment{first, second})
		if err != nil {
			return err
		}
		body, err := tx.Attachments().Content(ctx, "a2")
		if !bytes.Equal(body, content) {
			t.Errorf("content %q", body)
		}
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Attachments().Delete(ctx, "a1") })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Attachments().Get(ctx, "a1")
		expectCode(t, "attachment that is gone", err, scene.NotFound)
		_, err = tx.Attachments().Content(ctx, "a1")
		expectCode(t, "content that is gone", err, scene.NotFound)
		return nil
	})
	for name, tt := range map[string]struct {
		a    scene.Attachment
		want scene.Code
	}{
		"Taken": {second, scene.Conflict}, "NoID": {scene.Attachment{Noun: "capability", Row: "x"}, scene.Invalid},
		"NoRow": {scene.Attachment{ID: "y", Noun: "capability"}, scene.Invalid},
	} {
		err := b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Attachments().Add(ctx, tt.a, content) })
		expectCode(t, name, err, tt.want)
	}
}
