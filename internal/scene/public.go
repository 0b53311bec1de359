package scene

import "time"

// Released returns the instant from which anybody may have seen the listing:
// the zero time if it was always to be seen since it was published. It reports
// false where it never was public: a draft, an entry under review, or one that
// was closed without a date of release.
func (l *Listing) Released() (time.Time, bool) {
	switch l.State {
	case Published, Paused, Expired, Landed:
		return l.ValidFrom, true
	case Closed:
		return l.ValidFrom, !l.ValidFrom.IsZero()
	}
	return time.Time{}, false
}

// Public reports whether anybody may open the listing at that instant: it is
// published and past its embargo, or it was public once and has ended since.
func (l *Listing) Public(at time.Time) bool {
	from, ok := l.Released()
	return ok && !at.Before(from)
}

// PublicStates are the states in which a listing can be public.
func PublicStates() []State { return []State{Published, Paused, Expired, Closed, Landed} }

// Since is when a listing was news: its release, else when it was first
// written, else when it last was.
func (l *Listing) Since() time.Time {
	for _, at := range []time.Time{l.ValidFrom, l.Created} {
		if !at.IsZero() {
			return at
		}
	}
	return l.Updated
}
