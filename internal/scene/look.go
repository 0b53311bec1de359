package scene

import (
	"maps"
	"time"
)

// lookLasts is how long one look lasts: who comes back to the page within it is
// told of the same matches as new.
const lookLasts = time.Hour

// Look is what a person saw, at the last look, of the matches of one listing of
// the own organisation.
type Look struct {
	Account ID `json:"account"`
	Listing ID `json:"listing"`
	// Seen is when each counterpart in the list was first shown; zero for those of
	// the first look of all, in which nothing is news.
	Seen map[ID]time.Time `json:"seen"`
}

// Same reports whether both saw the same list.
func (l Look) Same(o Look) bool {
	return l.Seen != nil && maps.EqualFunc(l.Seen, o.Seen, time.Time.Equal)
}

// News looks at a list now: it returns the look that takes the place of l, and
// which of the counterparts are new since the look before. What left the list is
// forgotten, so that it is news when it comes back. l is not changed; before the
// first look it has no Seen.
func (l Look) News(list []ID, at time.Time) (next Look, fresh map[ID]bool) {
	next, fresh = l, map[ID]bool{}
	next.Seen = make(map[ID]time.Time, len(list))
	for _, id := range list {
		since, known := l.Seen[id]
		if !known && l.Seen != nil {
			since = at.UTC()
		}
		next.Seen[id] = since
		fresh[id] = !since.IsZero() && at.Sub(since) < lookLasts
	}
	return next, fresh
}
