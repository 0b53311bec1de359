package sqlrows

import (
	"context"
	"database/sql"
	"sync"

	"jinghe/internal/scene"
)

// Kept holds rows that were read and decoded, so that those which are shown again
// and again are decoded once. A row is known by its revision and the time of its
// last write, which are read each time: what is kept is what the transaction would
// read, on every engine, and nothing ever has to be taken back. It holds two
// generations of a bounded number and forgets the older one. It is safe for
// concurrent use.
type Kept struct {
	mu         sync.Mutex
	young, old map[rowID]keptRow
}

// keptGeneration is how many rows a generation holds: a city of ten thousand
// entries fits into two, in about 60 MB.
const keptGeneration = 8_000

type rowID struct {
	noun string
	id   scene.ID
}

// keptRow is a row as it was after one of its writes; row is not changed, and
// given away as copies only.
type keptRow struct {
	revision int
	updated  int64 // microseconds
	row      any
}

// NewKept returns one that holds nothing yet.
func NewKept() *Kept { return &Kept{young: map[rowID]keptRow{}} }

// find returns the row after that write, nil where it is not held.
func (k *Kept) find(id rowID, revision int, updated int64) any {
	k.mu.Lock()
	defer k.mu.Unlock()
	held, ok := k.young[id]
	if !ok {
		if held, ok = k.old[id]; ok {
			k.put(id, held)
		}
	}
	if !ok || held.revision != revision || held.updated != updated {
		return nil
	}
	return held.row
}

func (k *Kept) keep(id rowID, row keptRow) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.put(id, row)
}

// drop forgets a row that is deleted: another one may come to have its id.
func (k *Kept) drop(id rowID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.young, id)
	delete(k.old, id)
}

func (k *Kept) put(id rowID, row keptRow) {
	if len(k.young) >= keptGeneration {
		k.young, k.old = map[rowID]keptRow{}, k.young
	}
	k.young[id] = row
}

// keeps reports whether rows of the table are kept decoded.
func (t *table[T]) keeps() bool { return t.clone != nil && t.tx.engine.Kept != nil }

// getMany returns the rows with those IDs. Of rows that are kept no more is
// read than their heads, which an index has.
func (t *table[T]) getMany(ctx context.Context, ids []scene.ID) (out []T, err error) {
	if !t.keeps() {
		return many(ctx, t, "id", ids)
	}
	from := t.noun
	if t.tx.engine.NameHeads {
		from += " INDEXED BY " + t.noun + "_head"
	}
	var missing []scene.ID
	err = inList(distinct(ids), func(list string, args []any) error {
		return t.tx.read(ctx, func(r *sql.Rows) error {
			id, at := rowID{noun: t.noun}, keptRow{}
			if err := r.Scan(&id.id, &at.revision, &at.updated); err != nil {
				return err
			}
			if row, ok := t.tx.engine.Kept.find(id, at.revision, at.updated).(T); ok {
				out = append(out, t.clone(row))
			} else {
				missing = append(missing, id.id)
			}
			return nil
		}, "SELECT id, revision, updated FROM "+from+" WHERE id IN ("+list+")", args...)
	})
	if err != nil || len(missing) == 0 {
		return out, err
	}
	rest, err := many(ctx, t, "id", missing)
	return append(out, rest...), err
}

// rows returns the rows that a condition finds, decoded or as they are kept.
func (t *table[T]) rows(ctx context.Context, where string, args ...any) (out []T, err error) {
	kept := t.tx.engine.Kept
	if !t.keeps() {
		return t.bodies(ctx, "SELECT body FROM "+t.noun+" "+where, args...)
	}
	err = t.tx.read(ctx, func(r *sql.Rows) error {
		at := keptRow{}
		id := rowID{noun: t.noun}
		var body sql.RawBytes
		if err := r.Scan(&id.id, &at.revision, &at.updated, &body); err != nil {
			return err
		}
		if row, ok := kept.find(id, at.revision, at.updated).(T); ok {
			out = append(out, t.clone(row))
			return nil
		}
		row, err := decode[T](body)
		if err != nil {
			return err
		}
		out = append(out, row)
		if !t.tx.shared.wrote { // what is not committed may come to nothing
			at.row = t.clone(row)
			kept.keep(id, at)
		}
		return nil
	}, "SELECT id, revision, updated, body FROM "+t.noun+" "+where, args...)
	return out, err
}
