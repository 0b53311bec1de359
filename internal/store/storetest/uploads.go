package storetest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func uploadsKept(t *testing.T, b *bench) {
	first := scene.Upload{
		ID: "u1", File: "需求.xlsx", Size: 3, Source: "经开区", Mapping: map[string]string{"项目名": "name"},
		Status: scene.UploadLooking, Actor: "a", Name: "王专员", Began: kept(),
	}
	second := scene.Upload{ID: "u2", File: "b.csv", Status: scene.UploadFailed, FaultKey: "k", FaultArgs: map[string]any{"n": "x"}, Began: kept().Add(time.Second)}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, u := range []scene.Upload{first, second} {
			if err := tx.Uploads().Put(ctx, u); err != nil {
				return err
			}
		}
		if err := tx.Uploads().PutPart(ctx, "u1", store.UploadFile, []byte{0, 1, 2}); err != nil {
			return err
		}
		return tx.Uploads().PutPart(ctx, "u1", store.UploadReport, nil)
	})
	first.Status = scene.UploadLooked
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Uploads().PutPart(ctx, "u1", store.UploadReport, []byte("{}")); err != nil {
			return err
		}
		return tx.Uploads().Put(ctx, first)
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Uploads().Get(ctx, "u1")
		expectSame(t, "upload", got, first)
		if err != nil {
			return err
		}
		all, err := tx.Uploads().List(ctx, store.Page{})
		expectSame(t, "uploads, the latest first", all.Items, []scene.Upload{second, first})
		if err != nil {
			return err
		}
		for name, want := range map[string][]byte{store.UploadFile: {0, 1, 2}, store.UploadReport: []byte("{}"), "other": nil} {
			if body, err := tx.Uploads().Part(ctx, "u1", name); err != nil || !bytes.Equal(body, want) {
				t.Errorf("part %s: %q, %v", name, body, err)
			}
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Uploads().Delete(ctx, "u1") })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Uploads().Get(ctx, "u1")
		expectCode(t, "upload that is gone", err, scene.NotFound)
		body, err := tx.Uploads().Part(ctx, "u1", store.UploadFile)
		expectSame(t, "part of an upload that is gone", len(body), 0)
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Uploads().PutPart(ctx, "u1", store.UploadFile, []byte("x"))
	})
	expectCode(t, "part of no upload", err, scene.Precondition)
	err = b.try(t, func(ctx context.Context, tx store.Tx) error { return tx.Uploads().Put(ctx, scene.Upload{}) })
	expectCode(t, "upload without an ID", err, scene.Invalid)
}
