package app

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
)

// lister has the lists of the whole market made in the background, keeps them
// in the rows, and has every change of a listing reach them. It is safe for
// concurrent use.
type lister struct {
	store   store.Store
	now     func() time.Time
	log     *slog.Logger
	acquire func() (*market, func())

	due  chan struct{} // signalled when lists are to be made
	wake chan struct{} // signalled when listings changed

	making  sync.Mutex // one run at a time
	filling sync.Mutex // what is loaded and what follows changes take turns
	saving  sync.Mutex // what is stored is what the board holds then

	mu      sync.Mutex
	pending map[listing]bool // changed, and not in the lists yet
	during  map[listing]bool // changed during a step; nil while none is taken
	halt    context.CancelFunc
	tell    atomic.Pointer[broker.Rematch] // the run under way, nil if none
	looked  atomic.Pointer[look]           // the last look at all listings
}

// look is how far the lists were, and until when that may be told again.
type look struct {
	backend.Lists
	until time.Time
}

// listing names a listing of either side.
type listing struct {
	kind scene.Kind
	id   scene.ID
}

const (
	// listsAgain is how long it takes to look again for lists that another process makes.
	listsAgain = time.Minute
	// releasesAgain is how long a listing whose embargo ended waits for its place in the lists.
	releasesAgain = 20 * time.Second
	// storedAtOnce is how many lists are written in one transaction.
	storedAtOnce = 1000
	// saveTime bounds the storing of some of them where the rows do not answer.
	saveTime = 30 * time.Second
	// looksShare keeps looking at all listings to a fiftieth of the time: a
	// large market takes a tenth of a second, and is watched by the second.
	looksShare = 50
)

func newLister(s store.Store, now func() time.Time, log *slog.Logger, acquire func() (*market, func())) *lister {
	return &lister{
		store: s, now: now, log: log, acquire: acquire, pending: map[listing]bool{},
		due: make(chan struct{}, 1), wake: make(chan struct{}, 1),
	}
}

// ask has keep make the lists that are missing; asking again before it began changes nothing.
func (l *lister) ask() { signal(l.due) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// changed notes listings of the market that answers, for the lists to follow.
func (l *lister) changed(kind scene.Kind, ids []scene.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range ids {
		l.pending[listing{kind, id}] = true
		if l.during != nil {
			l.during[listing{kind, id}] = true
		}
	}
	signal(l.wake)
}

// follow has changes and releases reach the lists as they come, until ctx ends.
func (l *lister) follow(ctx context.Context) {
	releases := time.NewTicker(releasesAgain)
	defer releases.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-releases.C:
			if err := l.release(ctx); err != nil && ctx.Err() == nil {
				l.log.Warn("lists of matches do not have what was released yet; trying again", "error", err)
			}
			continue
		case <-l.wake:
		}
		if err := l.followed(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("lists of matches did not follow a change; they are made anew", "error", err)
			l.forget()
		}
	}
}

// followed has the changes that came so far reach the lists.
func (l *lister) followed(ctx context.Context) error {
	l.filling.Lock()
	defer l.filling.Unlock()
	return l.refresh(ctx, l.came())
}

// came takes the changes that have not reached the lists.
func (l *lister) came() []listing {
	l.mu.Lock()
	defer l.mu.Unlock()
	some := slices.Collect(maps.Keys(l.pending))
	clear(l.pending)
	return some
}

// release has listings whose embargo ended reach the lists.
func (l *lister) release(ctx context.Context) error {
	m, done := l.acquire()
	defer done()
	made, err := m.Release(ctx, l.now())
	return errors.Join(err, l.save(ctx, m, made))
}

// refresh has listings reach the lists of the market that answers. So many that
// the market will learn anew take the lists away instead: answers are live
// until they were made again.
func (l *lister) refresh(ctx context.Context, some []listing) error {
	m, done := l.acquire()
	defer done()
	needs, offers := m.Board().Len(scene.KindOpportunity), m.Board().Len(scene.KindCapability)
	switch {
	case needs+offers == 0:
		return nil
	case len(some) >= manyChanges(m.Size()):
		m.Board().Clear()
		return nil
	}
	return l.refreshed(ctx, m, some)
}

// manyChanges is how many changed rows have a market learn anew.
func manyChanges(needs, offers int) int { return max(learnLeast, (needs+offers)/20) }

// refreshed has listings reach the lists one by one and stores what that changed.
func (l *lister) refreshed(ctx context.Context, m *market, some []listing) error {
	for _, x := range some {
		made, err := m.Refresh(ctx, l.now(), x.kind, x.id)
		if err != nil {
			return err
		}
		if err := l.save(ctx, m, made); err != nil {
			return err
		}
	}
	return nil
}

// forget takes all lists away and has them made again.
func (l *lister) forget() {
	m, done := l.acquire()
	defer done()
	m.Board().Clear()
	l.ask()
}

// save stores what the board holds now of lists that changed, in one transaction,
// even if ctx ends meanwhile: what is on the board at the end is found at the next
// start. A process that does not lead leaves it to the one that does.
func (l *lister) save(ctx context.Context, m *market, made []broker.Made) error {
	if !l.store.Leads() || len(made) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	l.saving.Lock()
	defer l.saving.Unlock()
	var put []scene.MatchList
	gone := map[scene.Kind][]scene.ID{}
	for _, x := range made {
		if stored := m.Stored(x.Kind, x.ID); stored != nil {
			put = append(put, *stored)
		} else {
			gone[x.Kind] = append(gone[x.Kind], x.ID)
		}
	}
	return scene.Wrap("app.save lists", l.store.Update(ctx, func(tx store.Tx) error {
		for kind, ids := range gone {
			if err := tx.MatchLists().Delete(ctx, kind, ids); err != nil {
				return err
			}
		}
		return tx.MatchLists().PutMany(ctx, put)
	}))
}

// keep makes the lists that are missing whenever it is asked to, until ctx ends.
func (l *lister) keep(ctx context.Context) {
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.due:
		case <-again:
		}
		again = nil
		complete, err := l.run(ctx, false, nil)
		if err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			l.log.Warn("lists of matches were not made; trying again", "error", err)
		}
		if !complete && ctx.Err() == nil {
			again = time.After(listsAgain)
		}
	}
}

// run puts the lists that are stored on the board and, in the process that
// leads, makes and stores those that are missing; anew, it makes all of them.
// What it stored stays when it is stopped. complete reports whether none is missing.
func (l *lister) run(ctx context.Context, anew bool, tell func(done, total int)) (complete bool, err error) {
	l.making.Lock()
	defer l.making.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.mu.Lock()
	l.halt, l.during = cancel, map[listing]bool{}
	l.mu.Unlock()
	defer func() {
		l.tell.Store(nil)
		l.mu.Lock()
		l.halt, l.during = nil, nil
		l.mu.Unlock()
	}()
	m, done := l.acquire()
	defer done()
	if anew {
		m.Board().Clear()
	} else if err := l.load(ctx, m); err != nil {
		return false, err
	}
	if !l.store.Leads() && !anew {
		return m.Coverage(l.now()).Missing == 0, nil
	}
	for {
		r := m.NewRematch(l.now())
		r.Aside = !anew
		l.tell.Store(r)
		err := l.steps(ctx, m, r, tell)
		switch {
		case scene.CodeOf(err) != scene.Conflict || ctx.Err() != nil:
			return err == nil, err
		case !anew:
			return false, nil // learned anew: who let it learn asks again
		}
	}
}

// steps takes a rematch to its end and stores what each step made. Changes
// that fell into a step reach its lists before they are stored.
func (l *lister) steps(ctx context.Context, m *market, r *broker.Rematch, tell func(done, total int)) error {
	stop := l.report(r, tell)
	defer stop()
	for !r.Done() {
		made, err := r.Step(ctx)
		if err != nil {
			return err
		}
		made = m.Publish(made)
		for some := range slices.Chunk(made, storedAtOnce) {
			if err := l.save(ctx, m, some); err != nil {
				return err
			}
		}
		l.mu.Lock()
		some := l.during
		l.during = map[listing]bool{}
		l.mu.Unlock()
		if len(some) >= manyChanges(m.Size()) { // follow takes the lists away
			m.Board().Clear() // with those of this step, or they would pass for loaded
			return &scene.Error{Code: scene.Conflict, Op: "app.steps", Key: "match.learned_anew"}
		}
		if err := l.refreshed(ctx, m, slices.Collect(maps.Keys(some))); err != nil {
			return err
		}
	}
	return l.sweep(ctx, m)
}

// report tells how far a run is, now and then, until stop is called, and then
// once more.
func (l *lister) report(r *broker.Rematch, tell func(done, total int)) (stop func()) {
	if tell == nil {
		return func() {}
	}
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			tell(r.Progress())
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(quit)
		<-ended
		tell(r.Progress())
	}
}

// remake makes all lists anew, in the place of a run under way. When ctx ends,
// what was made stays, and what is missing is answered live.
func (l *lister) remake(ctx context.Context, tell func(done, total int)) error {
	l.stop()
	_, err := l.run(ctx, true, tell)
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// state tells how far the lists are.
func (l *lister) state() backend.Lists {
	now := l.now()
	s := l.looked.Load()
	if s == nil || !now.Before(s.until) {
		m, done := l.acquire()
		defer done()
		c := m.Coverage(now)
		s = &look{backend.Lists{Fresh: c.Fresh, Total: c.Listings, Made: c.Oldest}, now.Add(looksShare * l.now().Sub(now))}
		l.looked.Store(s)
	}
	told := s.Lists
	if r := l.tell.Load(); r != nil {
		told.Making = true
		told.Fresh, told.Total = r.Progress()
	}
	return told
}

// stop ends the run under way, if any.
func (l *lister) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.halt != nil {
		l.halt()
	}
}
