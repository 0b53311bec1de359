package registry

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Lists that go out together (第N批). An entry belongs to the batch whose name
// it carries. What holds everywhere: no entry of a batch whose release is to come
// has an earlier date of release, whoever wrote it, so that nothing has to be
// done at that moment and nothing leaks before it.

// Ref names an entry.
type Ref struct {
	Kind scene.Kind
	ID   scene.ID
	// Revision is that which the caller saw, and another one now is a Conflict; 0 is not compared.
	Revision int
}

// Batches returns all batches, also those to come, the latest release first.
func (r *Registry) Batches(ctx context.Context) (all []scene.Batch, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		all, err = everyBatch(ctx, tx)
		return err
	})
	return all, scene.Wrap("registry.Batches", err)
}

func everyBatch(ctx context.Context, tx store.Tx) (all []scene.Batch, err error) {
	err = store.Each(func(p store.Page) (store.Rows[scene.Batch], error) { return tx.Batches().List(ctx, p) }, func(b *scene.Batch) error {
		all = append(all, *b)
		return nil
	})
	return all, err
}

// Batch returns one batch, also one to come, or a NotFound error.
func (r *Registry) Batch(ctx context.Context, id scene.ID) (b scene.Batch, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		b, err = tx.Batches().Get(ctx, id)
		return err
	})
	return b, scene.Wrap("registry.Batch", err)
}

// SaveBatch makes a batch (Revision 0) or changes one. The name of one that has
// entries stays, and the release of one that is out: each a Precondition error.
// Entries follow to the new time of release.
func (r *Registry) SaveBatch(ctx context.Context, by scene.Actor, b scene.Batch) (saved scene.Batch, err error) {
	if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
		return b, err
	}
	b.Name = strings.TrimSpace(b.Name)
	if err := b.Validate(); err != nil {
		return b, scene.Wrap("registry.SaveBatch", err)
	}
	fresh, err := r.ids.New()
	if err != nil {
		return b, scene.Wrap("registry.SaveBatch", err)
	}
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		saved, err = r.saveBatch(ctx, tx, by, b, fresh)
		return err
	})
	return saved, scene.Wrap("registry.SaveBatch", err)
}

func (r *Registry) saveBatch(ctx context.Context, tx store.Tx, by scene.Actor, b scene.Batch, fresh scene.ID) (scene.Batch, error) {
	now := r.now().UTC()
	var was *scene.Batch
	if b.Revision == 0 {
		b.ID, b.Created = fresh, now
	} else {
		stored, err := tx.Batches().Get(ctx, b.ID)
		if err != nil {
			return b, err
		}
		was, b.Created = &stored, stored.Created
		if err := r.batchMayChange(ctx, tx, was, &b); err != nil {
			return b, err
		}
	}
	b.Updated = now
	saved, err := tx.Batches().Put(ctx, b)
	if err != nil {
		return b, err
	}
	action := "batch.change"
	var before any = was
	if was == nil {
		action, before = "batch.create", nil
	}
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	if err := recorder.Record(ctx, tx, by, action, "batch", saved.ID, "", before, &saved); err != nil {
		return saved, err
	}
	return saved, r.move(ctx, tx, by, was, &saved)
}

func (r *Registry) batchMayChange(ctx context.Context, tx store.Tx, was, b *scene.Batch) error {
	if was.Released(r.now()) && !was.Release.Equal(b.Release) {
		return fieldError(scene.Precondition, "release", "batch.is_out")
	}
	if was.Name == b.Name {
		return nil
	}
	entries, err := listEntries(ctx, tx, store.ListingFilter{Batch: was.Name}, 1)
	if err == nil && len(entries) > 0 {
		err = fieldError(scene.Precondition, "name", "batch.name_in_use")
	}
	return err
}

func fieldError(code scene.Code, field, key string) error {
	return &scene.Error{Code: code, Key: key, Fields: []scene.FieldError{{Field: field, Key: key}}}
}

// move takes the entries of a batch along to its release: those that waited for
// the former one, and any that would be public before the new one.
func (r *Registry) move(ctx context.Context, tx store.Tx, by scene.Actor, was, b *scene.Batch) error {
	entries, err := allOfBatch(ctx, tx, b.Name)
	if err != nil {
		return err
	}
	return r.rewrite(ctx, tx, by, entries, func(l *scene.Listing) bool {
		if was != nil && !was.Released(r.now()) && l.ValidFrom.Equal(was.Release) && !l.ValidFrom.Equal(b.Release) {
			l.ValidFrom = b.Release
			return true
		}
		return b.Hold(l, r.now())
	})
}

// carries reports whether an entry carries the name of a batch, however it is written.
func carries(l *scene.Listing, b *scene.Batch) bool {
	return l.Batch != "" && scene.NameKey(l.Batch) == scene.NameKey(b.Name)
}

// allOfBatch returns the entries of both kinds that carry the name, however it is
// written (scene.NameKey), in whatever state.
func allOfBatch(ctx context.Context, tx store.Tx, name string) (all []Entry, err error) {
	names := map[string]bool{name: true}
	for _, list := range []func(context.Context) ([]string, error){tx.Opportunities().Batches, tx.Capabilities().Batches} {
		written, err := list(ctx)
		if err != nil {
			return nil, err
		}
		for _, w := range written {
			if scene.NameKey(w) == scene.NameKey(name) {
				names[w] = true
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(names)) {
		part, err := writtenBatch(ctx, tx, w)
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

// writtenBatch returns the entries of both kinds that carry the name as it is written.
func writtenBatch(ctx context.Context, tx store.Tx, name string) (all []Entry, err error) {
	f := store.ListingFilter{Batch: name}
	err = store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { all = append(all, Entry{Opportunity: o}) })
	if err == nil {
		err = store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { all = append(all, Entry{Capability: c}) })
	}
	return all, err
}

// rewrite changes entries, one line of the record each, and announces them by
// events of at most store.MaxEventIDs rows.
func (r *Registry) rewrite(ctx context.Context, tx store.Tx, by scene.Actor, entries []Entry, change func(*scene.Listing) bool) error {
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	changed := map[string][]scene.ID{}
	for i := range entries {
		next := entries[i].Copy()
		if !change(next.Listing()) {
			continue
		}
		next.Listing().Updated = r.now().UTC()
		next, err := r.put(ctx, tx, next)
		if err != nil {
			return err
		}
		if err := recorder.Record(ctx, tx, by, "listing.batch", string(next.Kind()), next.Listing().ID, "", entries[i].Content(), next.Content()); err != nil {
			return err
		}
		changed[next.subject()] = append(changed[next.subject()], next.Listing().ID)
	}
	for _, subject := range []string{scene.OpportunityChanged, scene.CapabilityChanged} {
		for part := range slices.Chunk(changed[subject], store.MaxEventIDs) {
			if err := r.emit(ctx, tx, subject, part, string(by.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// InBatch returns the entries of a batch, in order of name.
func (r *Registry) InBatch(ctx context.Context, by scene.Actor, id scene.ID) (list []Entry, err error) {
	if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		b, err := tx.Batches().Get(ctx, id)
		if err != nil {
			return err
		}
		list, err = allOfBatch(ctx, tx, b.Name)
		return err
	})
	byName(list)
	return list, scene.Wrap("registry.InBatch", err)
}

// ForBatch returns the entries that may be put into a batch: in none yet, and
// published or under review, those last changed first.
func (r *Registry) ForBatch(ctx context.Context, by scene.Actor) (list []Entry, err error) {
	if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		f := store.ListingFilter{States: append(scene.UnderReview(), scene.Published), Newest: true}
		list, err = listEntries(ctx, tx, f, store.MaxPage)
		return err
	})
	now := r.now()
	list = slices.DeleteFunc(list, func(e Entry) bool {
		l := e.Listing()
		return l.Batch != "" || l.RunOut(now)
	})
	slices.SortStableFunc(list, func(a, b Entry) int { return b.Listing().Updated.Compare(a.Listing().Updated) })
	return list[:min(len(list), shown)], scene.Wrap("registry.ForBatch", err)
}

func byName(list []Entry) {
	slices.SortStableFunc(list, func(a, b Entry) int {
		x, y := a.Listing(), b.Listing()
		return cmp.Or(-cmp.Compare(a.Kind(), b.Kind()), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
}

// AddToBatch puts entries into a batch. From then on they are not public before
// its release, also those that were public until now. An entry of another batch
// is a Conflict, one whose validity ends before the release a Precondition.
func (r *Registry) AddToBatch(ctx context.Context, by scene.Actor, id scene.ID, refs []Ref) error {
	return r.sort(ctx, by, id, refs, func(b *scene.Batch, l *scene.Listing) (bool, error) {
		if l.Batch == b.Name {
			return false, nil
		}
		args := map[string]any{"name": l.Name, "batch": l.Batch}
		if l.Batch != "" && !carries(l, b) {
			return false, &scene.Error{Code: scene.Conflict, Key: "batch.in_another", Args: args}
		}
		if l.RunOut(b.Release) {
			return false, &scene.Error{Code: scene.Precondition, Key: "batch.ends_before", Args: args}
		}
		l.Batch = b.Name
		b.Hold(l, r.now())
		return true, nil
	})
}

// TakeFromBatch takes entries out of a batch. They keep their time of release:
// nothing comes to light by being taken out.
func (r *Registry) TakeFromBatch(ctx context.Context, by scene.Actor, id scene.ID, refs []Ref) error {
	return r.sort(ctx, by, id, refs, func(b *scene.Batch, l *scene.Listing) (bool, error) {
		if !carries(l, b) {
			return false, nil
		}
		l.Batch = ""
		return true, nil
	})
}

func (r *Registry) sort(ctx context.Context, by scene.Actor, id scene.ID, refs []Ref, change func(*scene.Batch, *scene.Listing) (bool, error)) error {
	if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
		return err
	}
	err := r.updatePublic(ctx, func(tx store.Tx) error {
		b, err := tx.Batches().Get(ctx, id)
		if err != nil {
			return err
		}
		var fault error
		entries := make([]Entry, 0, len(refs))
		for _, ref := range refs {
			e, err := getEntry(ctx, tx, ref.Kind, ref.ID)
			if err != nil {
				return err
			}
			if now := e.Listing().Revision; ref.Revision != 0 && ref.Revision != now {
				return &scene.Error{Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": string(ref.ID), "revision": ref.Revision}}
			}
			if e.Listing().Foreign() {
				return by.May(scene.ListingEdit, e.Object()) // it is changed in its own city only
			}
			entries = append(entries, e)
		}
		err = r.rewrite(ctx, tx, by, entries, func(l *scene.Listing) bool {
			changed, err := change(&b, l)
			fault = cmp.Or(fault, err)
			return changed && err == nil
		})
		if fault != nil {
			return fault
		}
		return err
	})
	return scene.Wrap("registry.sort", err)
}

// embargo is the releases to come, by folded name of the batch: a list that
// spells the name in its own way does not get past it.
type embargo map[string]*scene.Batch

// embargoes reads them within a transaction that writes entries.
func embargoes(ctx context.Context, tx store.Tx, at time.Time) (embargo, error) {
	pending, err := tx.Batches().Pending(ctx, at)
	if err != nil {
		return nil, err
	}
	out := make(embargo, len(pending))
	for i := range pending {
		out[scene.NameKey(pending[i].Name)] = &pending[i]
	}
	return out, nil
}

// of is the batch to come that a name is of, nil for none.
func (e embargo) of(name string) *scene.Batch {
	if name == "" {
		return nil
	}
	return e[scene.NameKey(name)]
}

// hold keeps an entry back until its batch goes out, and calls the batch as it is called.
func (e embargo) hold(l *scene.Listing, at time.Time) {
	if b := e.of(l.Batch); b != nil {
		l.Batch = b.Name
		b.Hold(l, at)
	}
}
