package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// spelled has a filter keep the entries of a batch however its name is written.
func spelled(ctx context.Context, table interface {
	Batches(ctx context.Context) ([]string, error)
}, f store.ListingFilter,
) (store.ListingFilter, error) {
	if f.Batch == "" {
		return f, nil
	}
	written, err := table.Batches(ctx)
	f.Batches = append(alike(written, f.Batch), f.Batch)
	f.Batch = ""
	return f, err
}

// alike are the names among those written that are another spelling of one.
func alike(written []string, name string) []string {
	var out []string
	for _, w := range written {
		if w != name && scene.NameKey(w) == scene.NameKey(name) {
			out = append(out, w)
		}
	}
	return out
}

// BatchNames returns those names of batches with every spelling of them that
// entries of that kind carry.
func (r *Registry) BatchNames(ctx context.Context, kind scene.Kind, names []string) (all []string, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		written, err := tx.Opportunities().Batches(ctx)
		if kind == scene.KindCapability {
			written, err = tx.Capabilities().Batches(ctx)
		}
		all = nil
		for _, name := range names {
			all = append(all, append(alike(written, name), name)...)
		}
		return err
	})
	return all, scene.Wrap("registry.BatchNames", err)
}
