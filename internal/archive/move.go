package archive

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Moved says what a move did.
type Moved struct {
	Rows  int   // in all tables
	Sums  []Sum // by table
	There bool  // the same rows were there already: nothing was done
}

// Move copies every row of one store into another, which must be empty, and
// compares the sums of both before it commits. Where the same rows are there
// already it does nothing; where others are, it fails with Conflict. progress,
// if not nil, is told the rows done and their total, twice as many as there
// are rows: each is written and read back.
func Move(ctx context.Context, from, to store.Store, progress func(done, total int)) (m Moved, err error) {
	err = from.View(ctx, func(source store.Tx) error {
		return to.Update(ctx, func(target store.Tx) (err error) {
			m, err = move(ctx, source.Raw(), target.Raw(), progress)
			return err
		})
	})
	return m, scene.Wrap("archive.Move", err)
}

func move(ctx context.Context, source, target store.Raw, progress func(done, total int)) (m Moved, err error) {
	tables, err := source.Tables(ctx)
	if err != nil {
		return m, err
	}
	for _, t := range tables {
		n, err := source.Count(ctx, t)
		if err != nil {
			return m, err
		}
		m.Rows += n
	}
	step := stepping(progress, 2*m.Rows)
	f, err := newFilling(ctx, target, tables, step)
	if scene.CodeOf(err) == scene.Conflict {
		return alreadyThere(ctx, source, target, tables, m, err)
	}
	if err != nil {
		return m, err
	}
	for _, t := range f.tables { // in the order in which the target can be filled
		f.begin(t)
		if err := source.Rows(ctx, t, func(row []any) error { return f.add(ctx, row) }); err != nil {
			return m, err
		}
		if _, err := f.end(ctx); err != nil {
			return m, err
		}
	}
	m.Sums = f.sums
	return m, f.check(ctx)
}

// alreadyThere looks whether the rows in the way are the same ones.
func alreadyThere(ctx context.Context, source, target store.Raw, tables []store.Table, m Moved, inTheWay error) (Moved, error) {
	here, err := sums(ctx, source, tables, func() {})
	if err != nil {
		return m, err
	}
	there, err := sums(ctx, target, tables, func() {})
	if err != nil {
		return m, err
	}
	if _, differ := differing(here, there); differ {
		return m, inTheWay
	}
	m.There, m.Sums = true, here
	return m, nil
}
