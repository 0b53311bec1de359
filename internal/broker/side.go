package broker

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
)

// side is all listings of one side of the market.
type side struct {
	rows  sync.Map // scene.ID → *entry
	count atomic.Int64
	held  sync.Map     // scene.ID → time.Time of release, of rows that waited for it at their last change
	index search.Index // nil: candidates are found by looking at every row
	scan  int          // up to how many rows every one is looked at
}

// entry is a profile with what was learned about it. What was kept when one
// lesson was taught is worked out anew under the next.
type entry struct {
	profile *match.Profile
	placed  atomic.Pointer[placed]
	fed     atomic.Pointer[fed]
	ready   atomic.Pointer[ready]
}

type placed struct {
	by     *learned
	vector match.Vector
}

// fed is what a need took over from the offers that answer it best. Of what was
// stored only the offers are known until the feedback is first asked for.
type fed struct {
	by       *learned
	taught   []scene.MatchPair
	feedback *match.Feedback
	made     bool
}

// ready is a need prepared with feedback, under a lesson and the counts of an instant.
type ready struct {
	by     *lesson
	counts uint64 // match.Statistics.Changes
	query  *match.Query
}

// vector returns the entry's place in latent space, nil if there is none.
func (e *entry) vector(l *lesson) match.Vector {
	if l.latent == nil {
		return nil
	}
	if p := e.placed.Load(); p != nil && p.by == l.learned {
		return p.vector
	}
	v := l.latent.Vector(e.profile)
	e.placed.Store(&placed{by: l.learned, vector: v})
	return v
}

func (s *side) get(id scene.ID) (*entry, bool) {
	v, ok := s.rows.Load(id)
	if !ok {
		return nil, false
	}
	return v.(*entry), true
}

// swap stores an entry (nil removes the row) and returns the one before, if any.
func (s *side) swap(id scene.ID, next *entry) *entry {
	if next != nil && next.profile.ValidFrom.After(next.profile.Updated) {
		s.held.Store(id, next.profile.ValidFrom)
	} else {
		s.held.Delete(id)
	}
	var before any
	var had bool
	if next == nil {
		before, had = s.rows.LoadAndDelete(id)
	} else {
		before, had = s.rows.Swap(id, next)
	}
	switch {
	case had && next == nil:
		s.count.Add(-1)
	case !had && next != nil:
		s.count.Add(1)
	}
	if !had {
		return nil
	}
	return before.(*entry)
}

// released lists the rows that came out of their embargo after one instant and
// until another. No change tells of that: the hour comes by itself.
func (s *side) released(after, until time.Time) (ids []scene.ID) {
	s.held.Range(func(id, v any) bool {
		if at := v.(time.Time); at.After(after) && !at.After(until) {
			ids = append(ids, id.(scene.ID))
		}
		return true
	})
	return ids
}

func (s *side) each(fn func(*entry)) {
	s.rows.Range(func(_, v any) bool {
		fn(v.(*entry))
		return true
	})
}

// Names of the two text fields that candidates are retrieved by.
const (
	fieldTitle = "title"
	fieldBody  = "body"
)

func schema(w match.TextWeights) search.Schema {
	return search.Schema{Text: []search.TextField{
		{Name: fieldTitle, Weight: 1}, {Name: fieldBody, Weight: w.DocBody},
	}}
}

func document(p *match.Profile) search.Document {
	title, body := p.TitleAndBody()
	return search.Document{ID: string(p.Ref.ID), Text: map[string]string{fieldTitle: title, fieldBody: body}}
}

// candidates lists the rows worth scoring for a profile of the other side: all
// of a small market, or at most limit of a large one, which may be cut to what
// an index gives. all reports whether none was left out.
func (s *side) candidates(ctx context.Context, p *match.Profile, w match.TextWeights, limit int) (rows []*entry, all bool, err error) {
	count := int(s.count.Load())
	if s.index == nil || count <= s.scan || limit >= count || limit > search.MaxLimit && count <= scanMost {
		rows = make([]*entry, 0, count)
		s.each(func(e *entry) { rows = append(rows, e) })
		return rows, true, nil
	}
	limit = min(limit, search.MaxLimit)
	title, body := p.TitleAndBody()
	found, err := s.index.Candidates(ctx, search.Need{
		Fields: []search.NeedField{{Text: title, Weight: 1}, {Text: body, Weight: w.QueryBody}},
		Limit:  limit,
	})
	if err != nil {
		return nil, false, err
	}
	for _, c := range found {
		if e, ok := s.get(scene.ID(c.ID)); ok {
			rows = append(rows, e)
		}
	}
	return rows, len(found) < limit, nil
}
