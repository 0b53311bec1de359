package app

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// storedVersion is what the rows hold of lists of one version.
type storedVersion struct {
	lists  int
	differ []listing // whose list was made for what they said before, or that are gone
	first  time.Time // when the oldest of the lists was made
}

// load puts stored lists on the board. Those of another learning serve as well
// if few rows have changed since: the listings that did then reach them as they
// do when a change comes.
func (l *lister) load(ctx context.Context, m *market) (err error) {
	l.filling.Lock()
	defer l.filling.Unlock()
	if m.Board().Len(scene.KindOpportunity)+m.Board().Len(scene.KindCapability) > 0 {
		return nil // this process made or loaded them
	}
	defer func() {
		if err != nil {
			m.Board().Clear() // half of them would pass for all
		}
	}()
	l.came() // a start fills the market with every row; below they are compared with what is stored
	versions := map[string]*storedVersion{}
	err = l.each(ctx, func(x *scene.MatchList) {
		if m.Comparable(x.Version) {
			note(versions, x, m.Accounts(x))
		}
	})
	if err != nil {
		return err
	}
	many := manyChanges(m.Size())
	version := usable(versions, m.ListVersion(), many)
	if version == "" || version != m.ListVersion() && !m.Adopt(version) {
		return nil
	}
	if err := l.each(ctx, func(x *scene.MatchList) {
		if x.Version == version {
			m.Restore(x)
		}
	}); err != nil {
		return err
	}
	differ := versions[version].differ
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		for _, id := range m.Since(kind, versions[version].first, l.now()) {
			differ = append(differ, listing{kind, id})
		}
	}
	if len(differ) >= many {
		m.Board().Clear()
		return nil
	}
	return l.refreshed(ctx, m, differ)
}

// usable names the version to load: the market's own, or the one with the most
// lists, of those from which fewer than many listings differ; "" if there is none.
func usable(versions map[string]*storedVersion, own string, many int) (version string) {
	if v := versions[own]; v != nil && len(v.differ) < many {
		return own
	}
	for name, v := range versions {
		if len(v.differ) < many && (version == "" || v.lists > versions[version].lists) {
			version = name
		}
	}
	return version
}

// note counts a stored list.
func note(versions map[string]*storedVersion, x *scene.MatchList, accounts bool) {
	v := versions[x.Version]
	if v == nil {
		v = &storedVersion{first: x.Made}
		versions[x.Version] = v
	}
	v.lists++
	if x.Made.Before(v.first) {
		v.first = x.Made
	}
	if !accounts {
		v.differ = append(v.differ, listing{x.Kind, x.ID})
	}
}

// each calls fn for every stored list.
func (l *lister) each(ctx context.Context, fn func(*scene.MatchList)) error {
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		page := store.Page{Limit: store.MaxPage}
		for {
			var rows store.Rows[scene.MatchList]
			err := l.store.View(ctx, func(tx store.Tx) (err error) {
				rows, err = tx.MatchLists().List(ctx, kind, page)
				return err
			})
			if err != nil {
				return scene.Wrap("app.load lists", err)
			}
			for i := range rows.Items {
				fn(&rows.Items[i])
			}
			if page.After = rows.Next; page.After == "" {
				break
			}
		}
	}
	return nil
}

// sweep removes stored lists that the board does not hold: of listings that are
// gone, and of earlier versions.
func (l *lister) sweep(ctx context.Context, m *market) error {
	if !l.store.Leads() {
		return nil
	}
	l.saving.Lock() // what is stored meanwhile would pass for gone
	defer l.saving.Unlock()
	gone := map[scene.Kind][]scene.ID{}
	version := m.ListVersion()
	err := l.each(ctx, func(x *scene.MatchList) {
		if m.Board().Get(x.Kind, x.ID) == nil || x.Version != version {
			gone[x.Kind] = append(gone[x.Kind], x.ID)
		}
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	return scene.Wrap("app.sweep lists", l.store.Update(ctx, func(tx store.Tx) error {
		for kind, ids := range gone {
			if err := tx.MatchLists().Delete(ctx, kind, ids); err != nil {
				return err
			}
		}
		return nil
	}))
}
